import type { LogReading } from "../logs/pattern.ts";
import type { RunState } from "./run-state.ts";

/**
 * Which of these edges the log has told something of, from the `from`th reading of the run on. Reads every
 * line once, however often it is asked.
 */
export function hearOf(
  state: Pick<RunState, "readings">,
  edges: readonly string[],
  edgeOf: (reading: LogReading) => string | undefined,
  from = 0,
): { readonly wakesOn: (reading: LogReading) => boolean; readonly missing: () => readonly string[] } {
  const wanted = new Set(edges);
  // Given out as it is: a copy for every line would be one of a whole fleet.
  const silent = [...wanted];
  let next = from;
  return {
    wakesOn: (reading) => {
      const edge = edgeOf(reading);
      return edge !== undefined && wanted.has(edge);
    },
    missing: () => {
      for (; next < state.readings.length; next += 1) {
        const reading = state.readings[next];
        const edge = reading && edgeOf(reading);
        const index = edge === undefined ? -1 : silent.indexOf(edge);
        if (index !== -1) silent.splice(index, 1);
      }
      return silent;
    },
  };
}
