import type { JobFile, System } from "../../systems/system.ts";
import type { Entry, EntryOf } from "../../timeline/entry.ts";
import type { Result } from "../result.ts";

/** All that is known of a run when it is over. */
export interface RunRecord {
  readonly runId: string;
  readonly result: Result;
  readonly timeline: readonly Entry[];
  readonly system: System;
  readonly jobFiles: ReadonlyMap<string, JobFile>;
  readonly surroundings: Surroundings;
}

/** On what it was done; each is a line for people. */
export interface Surroundings {
  readonly harness: string;
  readonly host: string;
  readonly images: readonly string[];
}

/** The claim that decided: the first that was not met, else the last. */
export function claimOf({ timeline }: RunRecord): EntryOf<"claim"> | undefined {
  const claims = timeline.filter((entry) => entry.kind === "claim");
  return claims.find(({ held }) => !held) ?? claims.at(-1);
}

/** What the claim was made of; what a stuck cluster did afterwards is not repeated by hand. All, where none was made. */
export function untilTheClaim(record: RunRecord): readonly Entry[] {
  const claim = claimOf(record);
  return claim === undefined ? record.timeline : record.timeline.slice(0, record.timeline.indexOf(claim));
}

/** In which setting it was, in a line. */
export function settingOf({ runId, result }: RunRecord): string {
  return [
    runId,
    result.simulated ? `${result.engine}, seed ${result.seed}` : result.engine,
    `timing ${result.timing}`,
    `fix ${result.fix}`,
    `${result.edges} edge${result.edges === 1 ? "" : "s"}`,
  ].join(" · ");
}
