import type { Result } from "../report/result.ts";
import { reasonNotApplicable } from "../scenario/applicable.ts";
import type { Scenario } from "../scenario/define.ts";
import type { System } from "../systems/system.ts";
import type { TimingProfile } from "../timing/profile.ts";

/** One place of the matrix: a scenario under a fix, at a pace. */
export interface Cell {
  readonly scenario: Scenario;
  readonly fix: string;
  readonly timing: TimingChoice;
}

export interface TimingChoice {
  /** As typed: a profile's name or a file. */
  readonly name: string;
  readonly profile: TimingProfile;
}

/** What became of a cell. */
export interface CellOutcome {
  readonly cell: Cell;
  readonly ended:
    | {
        readonly kind: "judged";
        readonly result: Result;
        readonly exitCode: number;
        readonly folder?: string | undefined;
      }
    | { readonly kind: "not-run"; readonly because: string };
}

export type JudgedCell = CellOutcome & { readonly ended: { readonly kind: "judged" } };

export function isJudged(outcome: CellOutcome): outcome is JudgedCell {
  return outcome.ended.kind === "judged";
}

/** Every combination, in the order in which they are run: whole tables, row by row. */
export function allCells(at: {
  readonly scenarios: readonly Scenario[];
  readonly fixes: readonly string[];
  readonly timings: readonly TimingChoice[];
}): readonly Cell[] {
  return at.timings.flatMap((timing) =>
    at.scenarios.flatMap((scenario) => at.fixes.map((fix): Cell => ({ scenario, fix, timing }))),
  );
}

/**
 * Why a cell is not run: the system lacks something, or a pace that nobody asked for would take minutes to an
 * hour of real time. Undefined if it is.
 */
export function reasonNotToRun(
  { scenario, timing }: Cell,
  at: {
    readonly engine: "docker" | "sim";
    readonly system: Pick<System, "capabilities" | "remote">;
    /** `--timing` was given: then it is meant. */
    readonly isTimingAsked: boolean;
    /** Ids of the scenarios that are worth the time all the same. */
    readonly worthIt: readonly string[];
  },
): string | undefined {
  const because = reasonNotApplicable(scenario, at.system, timing.profile);
  if (because !== undefined) return `not applicable: ${because}`;
  const isSlow = at.engine === "docker" && timing.name === "default" && !at.isTimingAsked;
  if (!isSlow || at.worthIt.includes(scenario.id)) return undefined;
  return (
    "default timing takes from minutes to an hour on Docker " +
    "(--timing default runs it all the same, --engine sim in milliseconds)"
  );
}
