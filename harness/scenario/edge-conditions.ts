import { list } from "../text/list.ts";
import type { Timing } from "../timing/profile.ts";
import type { Condition, Sight } from "./condition.ts";
import { hearOf } from "./hear-of.ts";
import { nodesOf } from "./nodes-of.ts";
import type { RunState } from "./run-state.ts";

export type Connection = "connected" | "disconnected" | "lost";

/** What can be waited for, or claimed, of some edges. */
export interface EdgeConditions {
  /** The orchestrator says that each is connected and can be sent to. */
  areReady(): Condition;
  /** What the orchestrator believes of each, whether true or not. */
  areBelieved(connection: Connection): Condition;
  /** The scheduler has looked at all that follows of their joining, so that nothing more comes of that. */
  areSettledIn(): Condition;
  /** From now on none of them is ever believed to be gone. */
  neverLeave(): Condition;
}

/** A batch may be late by so much. */
const BATCH_SLACK_MS = 500;

export function createEdgeConditions(state: RunState, names: readonly string[]): EdgeConditions {
  const { signals } = state.system;
  return {
    areReady: () => {
      const heard = hearOf(state, names, (reading) => signals.nodeReady(reading));
      return {
        what: `${list(names)} connected and ready`,
        waits: [{ is: "ready", edges: names }],
        wakesOn: heard.wakesOn,
        look: async () => {
          // The log line says when; until each edge has had one, there is nothing to ask.
          const silent = heard.missing();
          if (silent.length > 0) return { met: false, seen: `${list(silent)} not ready yet` };
          return await lookWhetherReady(state, names);
        },
        lookByStates: () => lookWhetherReady(state, names),
      };
    },
    areBelieved: (connection) => ({
      what: `the orchestrator believes ${list(names)} ${connection}`,
      waits: [{ is: "believed", edges: names, connection }],
      wakesOn: leaves(connection),
      patienceMs: patienceUntil(connection, state.timing),
      look: async () => {
        const nodes = nodesOf(await state.lookAtNodes(), state);
        const believed = names.map((name) => nodes.get(name)?.connection ?? "unknown");
        return {
          met: believed.every((state) => state === connection),
          seen: list(names.map((name, index) => `${name} ${believed[index] ?? ""}`)),
        };
      },
    }),
    areSettledIn: () => {
      // Where nothing is logged of it: whoever has joined by now has been looked at when a whole batch has gone by.
      const handledByMs = state.nowMs() + state.timing.reevaluationBatch + BATCH_SLACK_MS;
      return {
        what: `nothing waits any more for having joined, of ${list(names)}`,
        waits: [{ is: "joins-handled" }],
        wakesOn: (reading) => signals.joinsWaiting(reading) < 0,
        patienceMs: state.timing.reevaluationBatch,
        look: () => {
          const waiting = state.readings.reduce((sum, reading) => sum + signals.joinsWaiting(reading), 0);
          return Promise.resolve({ met: waiting === 0, seen: `${waiting} joins wait for their batch` });
        },
        lookByStates: () => {
          const met = state.nowMs() >= handledByMs;
          return Promise.resolve({ met, seen: met ? "a whole batch has gone by" : "their batch may be due" });
        },
      };
    },
    neverLeave: () => {
      const left = new Set<string>();
      const seenGone = new Set<string>();
      let next = state.readings.length;
      return {
        what: `${list(names)} never count as gone`,
        wakesOn: (reading) => names.includes(signals.nodeLeft(reading)?.edge ?? ""),
        look: () => {
          for (; next < state.readings.length; next += 1) {
            const reading = state.readings[next];
            const gone = reading && signals.nodeLeft(reading);
            if (gone !== undefined && names.includes(gone.edge)) left.add(`${gone.edge} ${gone.state}`);
          }
          return Promise.resolve(sight(left));
        },
        // Where no line of it will ever come it is seen as often as one looks; where one may, this says nothing.
        lookByStates: lookAround,
      };

      async function lookAround(): Promise<Sight> {
        const nodes = nodesOf(await state.lookAtNodes(), state);
        for (const name of names) {
          const connection = nodes.get(name)?.connection ?? "unknown";
          if (connection !== "connected") seenGone.add(`${name} ${connection}`);
        }
        return sight(seenGone);
      }

      function sight(gone: ReadonlySet<string>): Sight {
        const seen = gone.size === 0 ? "connected all the time" : `was believed gone: ${list([...gone])}`;
        return { met: gone.size === 0, seen };
      }
    },
  };

  function leaves(connection: Connection): Condition["wakesOn"] {
    return (reading) => {
      const left = signals.nodeLeft(reading);
      return left !== undefined && left.state === connection && names.includes(left.edge);
    };
  }
}

async function lookWhetherReady(state: RunState, names: readonly string[]): Promise<Sight> {
  const nodes = nodesOf(await state.lookAtNodes(), state);
  const late = names.filter((name) => {
    const node = nodes.get(name);
    return node?.connection !== "connected" || node.ready === false;
  });
  return { met: late.length === 0, seen: late.length === 0 ? "all ready" : `${list(late)} not ready` };
}

/** Each has shaken hands since the `from`th reading of the run. */
export function haveReturned(state: RunState, names: readonly string[], from: number): Condition {
  const heard = hearOf(state, names, (reading) => state.system.signals.handshakeWith(reading), from);
  // Who was never missed looks the same before and after: so it gets the time in which anybody would have been heard.
  const heardByMs = state.nowMs() + state.timing.heartbeat + state.timing.dataPlaneSetup;
  return {
    lookByStates: async () => {
      // That a line is missing says nothing; one that is there does.
      const heardOf = await look();
      if (heardOf.met) return heardOf;
      const sight = await lookWhetherReady(state, names);
      return { ...sight, met: sight.met && state.nowMs() >= heardByMs };
    },
    what: `${list(names)} ${names.length === 1 ? "shakes" : "shake"} hands`,
    wakesOn: heard.wakesOn,
    look,
  };

  function look(): Promise<Sight> {
    const late = heard.missing();
    return Promise.resolve({
      met: late.length === 0,
      seen: late.length === 0 ? "handshake completed with each" : `no handshake with ${list(late)}`,
    });
  }
}

/** The orchestrator looks at its nodes only now and then, and an edge may have been heard of just before it went. */
function patienceUntil(connection: Connection, timing: Timing): number {
  const noticed = timing.disconnectTimeout + timing.heartbeat + 2 * timing.housekeeping;
  if (connection === "connected") return 0;
  return connection === "disconnected" ? noticed : noticed + timing.lostTimeout + timing.housekeeping;
}
