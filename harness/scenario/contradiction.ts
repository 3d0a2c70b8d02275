import type { Identity } from "../engines/engine.ts";
import { list } from "../text/list.ts";
import { ofKind } from "../timeline/timeline.ts";
import type { RunState } from "./run-state.ts";

/**
 * What a machine has said itself, or the broker of it, that it could not have if the engine were right about
 * what was done to it. Undefined where nothing speaks against the engine.
 */
export type Contradiction = string | undefined;

/** Clocks of machines differ by a little, and so may the times of their last lines before it. */
const CLOCK_SLACK_MS = 20;

/** A machine that is paused says nothing. */
export function againstPause(state: RunState, names: readonly string[]): Contradiction {
  const entries = state.timeline.entries();
  const spoke = names.filter((name) => {
    const paused = ofKind(entries, "fault").findLast(
      ({ fault, machines }) => fault === "pause" && machines.includes(name),
    );
    if (paused === undefined) return false;
    const afterMs = paused.atMs + CLOCK_SLACK_MS;
    return ofKind(entries, "log").some(({ machine, atMs }) => machine === name && atMs > afterMs);
  });
  return spoke.length === 0 ? undefined : `${list(spoke)} went on logging`;
}

/** Who has returned, by the ids of before, and by what it went on with. */
export function againstRecreation(
  state: RunState,
  names: readonly string[],
  at: {
    readonly identity: Identity;
    /** The id that each had before; undefined for one that never had any. */
    readonly before: ReadonlyMap<string, string | undefined>;
    readonly since: number;
  },
): Contradiction {
  const { identity, before, since } = at;
  const wrong = names.filter((name) => {
    const was = before.get(name);
    return was !== undefined && (state.identitiesOf(name).at(-1) === was) === (identity === "new");
  });
  if (wrong.length > 0)
    return `${list(wrong)} returned under ${identity === "new" ? "the id of before" : "another id"}`;
  if (identity === "kept") return undefined;
  const resumed = new Set(
    state.readings.slice(since).map((reading) => state.system.signals.resumedOn(reading)),
  );
  const remembering = names.filter((name) => resumed.has(name));
  return remembering.length === 0
    ? undefined
    : `${list(remembering)} went on with what the disk of before held`;
}
