import type { FaultProof } from "../engines/engine.ts";
import type { RunState } from "./run-state.ts";

const LIMIT_MS = 10_000;

/**
 * Watches, from before a fault on, the broker's own record of the edges' connections: a killed one's entry
 * goes, a returned one's has a new id (spec 4-harness, "Faults"). A system without such a record is not asked.
 */
export function witnessBroker(
  state: RunState,
  edges: readonly string[],
  change: "opened" | "closed",
): { proof(): Promise<FaultProof | undefined> } | undefined {
  const { signals, capabilities } = state.system;
  if (!capabilities.has("broker-record")) return undefined;
  const before = new Map(edges.map((edge) => [edge, connectionIds(state, edge, "opened").at(-1)]));
  const already = new Map(edges.map((edge) => [edge, connectionIds(state, edge, change).length]));
  const seenOf = (edge: string) => connectionIds(state, edge, change).slice(already.get(edge) ?? 0);
  const missing = () => edges.filter((edge) => seenOf(edge).length === 0);

  return {
    proof: async () => {
      if (missing().length > 0) await arrival();
      const late = missing();
      if (late.length > 0) {
        return { bit: false, seen: `NATS never recorded the connection of ${late.join(", ")} as ${change}` };
      }
      const ids = edges.map((edge) => seenOf(edge).at(-1) ?? "");
      const same = edges.filter((edge, index) => change === "opened" && before.get(edge) === ids[index]);
      if (same.length > 0) return { bit: false, seen: `${same.join(", ")} returned on the old connection` };
      return { bit: true, seen: `NATS: connection ${change} (cid ${ids.join(", ")})` };
    },
  };

  function arrival(): Promise<void> {
    return new Promise((resolve) => {
      const finish = () => {
        stopListening();
        limit.cancel();
        state.signal.removeEventListener("abort", finish);
        resolve();
      };
      const limit = state.engine.clock.after(LIMIT_MS, finish);
      const stopListening = state.onReading((reading) => {
        const isAbout = edges.some((edge) => signals.isBrokerConnection(reading, edge) !== undefined);
        if (isAbout && missing().length === 0) finish();
      });
      state.signal.addEventListener("abort", finish);
    });
  }
}

function connectionIds(state: RunState, edge: string, change: "opened" | "closed"): string[] {
  return state.readings
    .map((reading) => state.system.signals.isBrokerConnection(reading, edge))
    .filter((seen) => seen?.change === change)
    .map((seen) => seen?.id ?? "");
}
