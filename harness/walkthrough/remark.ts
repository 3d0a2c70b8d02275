import chalk from "chalk";
import type { Entry } from "../timeline/entry.ts";
import type { ClusterSeen } from "../vocabulary.ts";

/** What a remark is held against. */
export interface Evidence {
  /** What the orchestrator says just now; undefined where it does not answer. */
  readonly seen: ClusterSeen | undefined;
  /** What has been recorded since the step began. */
  readonly step: readonly Entry[];
  /** All of the record so far, the step included. */
  readonly all: readonly Entry[];
  /** What is expected of the run: `held`, `violated L1`; undefined if nothing is known of it. */
  readonly expected: string | undefined;
}

/** Something that the walkthrough says of what has just happened. It is never printed without having been checked. */
export interface Remark {
  readonly says: string;
  /** Undefined if it is so, else what is so instead. */
  readonly contradiction: (evidence: Evidence) => string | undefined;
}

/** Columns before the text of a remark. */
export const REMARK_INDENT = 10;

/** Each remark marked as what it turned out to be; one that is not so says what was seen. */
export function checkedLines(remarks: readonly Remark[], evidence: Evidence): readonly string[] {
  return remarks.flatMap(({ says, contradiction }) => {
    const instead = contradiction(evidence);
    if (instead === undefined) return [`  ${chalk.green("ok")}      ${says}`];
    return [`  ${chalk.red("NOT SO")}  ${says}`, `          seen: ${instead}`];
  });
}
