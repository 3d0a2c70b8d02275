import type { FaultProof, Identity, Machine } from "../engines/engine.ts";
import type { Condition } from "./condition.ts";
import { hearOf } from "./hear-of.ts";
import { list } from "../text/list.ts";
import { witnessBroker } from "./fault-witness.ts";
import type { Timing } from "../timing/profile.ts";
import { RunAborted } from "./run-aborted.ts";
import type { RunState } from "./run-state.ts";
import { waitFor } from "./wait.ts";

/** Some of the edges of a cluster; every verb is done to all of them at once. */
export interface Edges {
  readonly names: readonly string[];
  /** Only the first `count` of them. */
  first(count: number): Edges;
  /** All but the first `count`. */
  rest(count: number): Edges;
  /** Starts them for the first time; goes on when the orchestrator has shaken hands with them. */
  start(): Promise<void>;
  /** `docker rm -f`: killed and removed; its data folder stays. */
  kill(): Promise<void>;
  /** New machines in their places; goes on when the orchestrator has shaken hands with them. */
  recreate(options: { readonly identity: Identity }): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Off the network until the returned value is disposed of: `await using cut = await edges.cut()`. */
  cut(): Promise<AsyncDisposable>;
  /** The orchestrator says that each is connected and can be sent to. */
  areReady(): Condition;
  /** What the orchestrator believes of each, whether true or not. */
  areBelieved(connection: "connected" | "disconnected" | "lost"): Condition;
}

/** How long a machine that was started may take until the orchestrator knows it. */
const RETURN_LIMIT_MS = 30_000;

export function createEdges(state: RunState, names: readonly string[]): Edges {
  const { signals } = state.system;
  const machines = (): Machine[] => names.map((name) => state.stack.machine(name));

  return {
    names,
    first: (count) => createEdges(state, names.slice(0, count)),
    rest: (count) => createEdges(state, names.slice(count)),
    start: async () => {
      const beforehand = state.readings.length;
      state.record({ kind: "step", verb: "start", subject: list(names) });
      await Promise.all(machines().map((machine) => machine.start()));
      await settled(returned(beforehand));
    },
    kill: () => fault("kill", "rm -f", (machine) => machine.kill(), "closed"),
    recreate: async ({ identity }) => {
      const beforehand = state.readings.length;
      await fault("recreate", IDENTITIES[identity], (machine) => machine.recreate({ identity }), "opened");
      await settled(returned(beforehand));
    },
    pause: () => fault("pause", "frozen", (machine) => machine.pause()),
    resume: () => fault("resume", "thawed", (machine) => machine.resume()),
    cut: async () => {
      await fault("cut", "off the network", (machine) => machine.cut());
      return {
        [Symbol.asyncDispose]: () => fault("heal", "back on the network", (machine) => machine.heal()),
      };
    },
    areReady: () => {
      const heard = hearOf(state, names, (reading) => signals.nodeReady(reading));
      return {
        what: `${list(names)} connected and ready`,
        wakesOn: heard.wakesOn,
        look: async () => {
          // The log line says when; until each edge has had one, there is nothing to ask.
          const silent = heard.missing();
          if (silent.length > 0) return { met: false, seen: `${list(silent)} not ready yet` };
          const nodes = await state.lookAtNodes();
          const ready = new Set(
            nodes
              .filter((node) => node.connection === "connected" && node.ready !== false)
              .map((node) => node.name),
          );
          const late = names.filter((name) => !ready.has(name));
          return {
            met: late.length === 0,
            seen: late.length === 0 ? "all ready" : `${list(late)} not ready`,
          };
        },
      };
    },
    areBelieved: (connection) => ({
      what: `the orchestrator believes ${list(names)} ${connection}`,
      wakesOn: (reading) => {
        const left = signals.nodeLeft(reading);
        return left !== undefined && left.state === connection && names.includes(left.edge);
      },
      patienceMs: patienceUntil(connection, state.timing),
      look: async () => {
        const nodes = await state.lookAtNodes();
        const connections = new Map(nodes.map((node) => [node.name, node.connection]));
        const believed = names.map((name) => connections.get(name) ?? "unknown");
        return {
          met: believed.every((state) => state === connection),
          seen: list(names.map((name, index) => `${name} ${believed[index] ?? ""}`)),
        };
      },
    }),
  };

  /** Does it to all at once, and proves that it bit: by the engine, and by the broker where that can see it. */
  async function fault(
    name: string,
    how: string,
    act: (machine: Machine) => Promise<FaultProof>,
    broker?: "opened" | "closed",
  ): Promise<void> {
    state.signal.throwIfAborted();
    state.record({ kind: "step", verb: name, subject: `${list(names)} (${how})` });
    const witness = broker === undefined ? undefined : witnessBroker(state, names, broker);
    const proofs = await Promise.all(machines().map(act));
    const brokerProof = await witness?.proof();
    const all = brokerProof === undefined ? proofs : [...proofs, brokerProof];
    const failed = all.filter((proof) => !proof.bit);
    const seen = list([...new Set((failed.length > 0 ? failed : all).map((proof) => proof.seen))], "; ");
    state.record({ kind: "fault", fault: name, machines: names, bit: failed.length === 0, seen });
    if (failed.length > 0) throw new RunAborted(`${name} of ${list(names)} did not bite: ${seen}`);
  }

  function returned(beforehand: number): Condition {
    const heard = hearOf(state, names, (reading) => signals.handshakeWith(reading), beforehand);
    return {
      what: `${list(names)} shake hands`,
      wakesOn: heard.wakesOn,
      look: () => {
        const late = heard.missing();
        return Promise.resolve({
          met: late.length === 0,
          seen: late.length === 0 ? "handshake completed with each" : `no handshake with ${list(late)}`,
        });
      },
    };
  }

  async function settled(condition: Condition): Promise<void> {
    const sight = await waitFor(state, condition, RETURN_LIMIT_MS);
    if (!sight.met)
      throw new RunAborted(`waited ${RETURN_LIMIT_MS} ms until ${condition.what}: ${sight.seen}`);
  }
}

/** The orchestrator looks at its nodes only now and then, and an edge may have been heard of just before it went. */
function patienceUntil(connection: "connected" | "disconnected" | "lost", timing: Timing): number {
  const noticed = timing.disconnectTimeout + timing.heartbeat + 2 * timing.housekeeping;
  if (connection === "connected") return 0;
  return connection === "disconnected" ? noticed : noticed + timing.lostTimeout + timing.housekeeping;
}

const IDENTITIES: Readonly<Record<Identity, string>> = {
  kept: "same ids, same data",
  new: "new ids, empty data",
  wiped: "same ids, empty data",
};
