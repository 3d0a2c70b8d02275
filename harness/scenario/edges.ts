import type { Identity, Machine } from "../engines/engine.ts";
import { UsageError } from "../errors.ts";
import { list } from "../text/list.ts";
import { sayDuration } from "../timing/duration.ts";
import type { Condition } from "./condition.ts";
import { againstPause, againstRecreation, type Contradiction } from "./contradiction.ts";
import { inflict } from "./fault.ts";
import { createEdgeConditions, haveReturned, type EdgeConditions } from "./edge-conditions.ts";
import { witnessSilence } from "./fault-witness.ts";
import { RunAborted } from "./run-aborted.ts";
import type { RunState } from "./run-state.ts";
import { pass, waitFor } from "./wait.ts";

/** Some of the edges of a cluster; every verb is done to all of them at once. */
export interface Edges extends EdgeConditions {
  readonly names: readonly string[];
  /** Only the first `count` of them. */
  first(count: number): Edges;
  /** All but the first `count`. */
  rest(count: number): Edges;
  /** The `n`th of them alone, counted from one. */
  only(n: number): Edges;
  /** Each of them alone, for what is not to happen to all at once. */
  apart(): readonly Edges[];
  /** These, and the others as well. */
  and(others: Edges): Edges;
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
  /** Off the network for so long, in milliseconds of the cluster's own time. */
  cutFor(ms: number): Promise<void>;
}

/** How long a machine that was started may take until the orchestrator knows it. */
const RETURN_LIMIT_MS = 30_000;

export function createEdges(state: RunState, names: readonly string[]): Edges {
  const conditions = createEdgeConditions(state, names);
  const settled = async (condition: Condition) => {
    const sight = await waitFor(state, condition, RETURN_LIMIT_MS);
    if (!sight.met)
      throw new RunAborted(`waited ${RETURN_LIMIT_MS} ms until ${condition.what}: ${sight.seen}`);
  };
  const unlessContradicted = (fault: string, seen: Contradiction) => {
    if (seen === undefined) return;
    state.record({ kind: "fault", fault, machines: names, bit: false, seen });
    throw new RunAborted(`${fault} of ${list(names)} did not bite: ${seen}`);
  };
  const picked = (which: string, some: readonly string[], count = 1) => {
    // What is claimed of none is true, and says nothing.
    if (some.length >= Math.max(1, count)) return createEdges(state, some);
    throw new UsageError(`the scenario picks ${which}: there are ${names.length} edges`);
  };
  const cut = async () => {
    const machines = names;
    await inflict(state, {
      act: { do: "cut", machines },
      how: "off the network",
      inflict: (machine) => machine.cut(),
    });
    const silence = witnessSilence(state, machines);
    return {
      [Symbol.asyncDispose]: async () => {
        const witness = silence?.endsNow();
        await inflict(state, {
          act: { do: "heal", machines },
          how: "back on the network",
          inflict: (machine) => machine.heal(),
          witness,
        });
      },
    };
  };

  return {
    names,
    first: (count) => picked(`the first ${count}`, names.slice(0, count), count),
    rest: (count) => picked(`all but the first ${count}`, names.slice(count)),
    only: (n) => picked(`edge ${n}`, names.slice(n - 1, n)),
    apart: () => names.map((name) => createEdges(state, [name])),
    and: (others) => createEdges(state, [...names, ...others.names]),
    start: async () => {
      const beforehand = state.readings.length;
      state.record({
        kind: "step",
        verb: "start",
        subject: list(names),
        act: { do: "start", machines: names },
      });
      await Promise.all(names.map((name) => state.stack.machine(name).start()));
      await settled(haveReturned(state, names, beforehand));
    },
    kill: () =>
      inflict(state, {
        act: { do: "kill", machines: names },
        how: "rm -f",
        inflict: (machine) => machine.kill(),
        broker: "closed",
      }),
    recreate: async ({ identity }) => {
      if (!(identity in IDENTITIES))
        throw new UsageError(
          `recreate: there is no identity "${identity}"; accepted are ${Object.keys(IDENTITIES).join(", ")}`,
        );
      const beforehand = state.readings.length;
      const before = new Map(names.map((name) => [name, state.identitiesOf(name).at(-1)]));
      await inflict(state, {
        act: { do: "recreate", machines: names, identity },
        how: IDENTITIES[identity],
        inflict: (machine: Machine) => machine.recreate({ identity }),
        broker: "opened",
      });
      await settled(haveReturned(state, names, beforehand));
      unlessContradicted(
        "recreate",
        againstRecreation(state, names, { identity, before, since: beforehand }),
      );
    },
    pause: () =>
      inflict(state, {
        act: { do: "pause", machines: names },
        how: "frozen",
        inflict: (machine) => machine.pause(),
      }),
    resume: async () => {
      unlessContradicted("pause", againstPause(state, names));
      await inflict(state, {
        act: { do: "resume", machines: names },
        how: "thawed",
        inflict: (machine) => machine.resume(),
      });
    },
    cut,
    cutFor: async (ms) => {
      await using _cut = await cut();
      state.record({ kind: "step", verb: "wait", subject: sayDuration(ms), act: { do: "pass", ms } });
      await pass(state, ms);
    },
    ...conditions,
  };
}

const IDENTITIES: Readonly<Record<Identity, string>> = {
  kept: "same ids, same data",
  new: "new ids, empty data",
  wiped: "same ids, empty data",
};
