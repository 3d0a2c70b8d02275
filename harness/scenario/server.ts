import type { Condition } from "./condition.ts";
import { inflict } from "./fault.ts";
import { RunAborted } from "./run-aborted.ts";
import type { RunState } from "./run-state.ts";
import { serves } from "./serving.ts";
import { waitFor } from "./wait.ts";

/** The orchestrator, or the broker: what there is one of. */
export interface Server {
  /** `docker rm -f`: killed and removed; its data folder stays. */
  kill(): Promise<void>;
  /** A new machine in its place, with the data it had; goes on when it does its work again. */
  recreate(): Promise<void>;
}

/** How long a server that was started may take to do its work again. */
const RETURN_LIMIT_MS = 30_000;

/** The orchestrator is back when it serves. */
export function createOrchestrator(state: RunState): Server {
  const { looksLeaveLinesOn: name } = state.system;
  return createServer(state, {
    name,
    isConnected: true,
    back: (from) => serves(state, from),
  });
}

/** The broker is back when the orchestrator is connected to it. */
export function createBroker(state: RunState): Server {
  const { brokerMachine, looksLeaveLinesOn: orchestrator, signals } = state.system;
  const isBack = (reading: RunState["readings"][number]) => {
    const connection = signals.brokerConnection(reading);
    return connection?.machine === orchestrator && connection.change === "opened";
  };
  return createServer(state, {
    name: brokerMachine,
    isConnected: false,
    back: (from) => ({
      what: "the orchestrator is connected to the broker again",
      wakesOn: isBack,
      look: () => seen(state.readings.slice(from).some(isBack)),
    }),
  });
}

function createServer(
  state: RunState,
  server: {
    readonly name: string;
    /** It is one of the broker's clients. */
    readonly isConnected: boolean;
    /** It does its work again, by what was logged from the `from`th reading on. */
    readonly back: (from: number) => Condition;
  },
): Server {
  const machines = [server.name];
  return {
    kill: () =>
      inflict(state, {
        act: { do: "kill", machines },
        how: "rm -f",
        inflict: (machine) => machine.kill(),
        broker: server.isConnected ? "closed" : undefined,
      }),
    recreate: async () => {
      const condition = server.back(state.readings.length);
      await inflict(state, {
        act: { do: "recreate", machines, identity: "kept" },
        how: "same data",
        inflict: (machine) => machine.recreate({ identity: "kept" }),
        broker: server.isConnected ? "opened" : undefined,
      });
      const sight = await waitFor(state, condition, RETURN_LIMIT_MS);
      if (!sight.met)
        throw new RunAborted(`waited ${RETURN_LIMIT_MS} ms until ${condition.what}: ${sight.seen}`);
    },
  };
}

function seen(met: boolean) {
  return Promise.resolve({ met, seen: met ? "it does" : "not yet" });
}
