import type { Result } from "../../harness/report/result.ts";
import type { InvariantId, LossId } from "../../harness/vocabulary.ts";
import type { Break } from "./breakable.ts";

/** One deliberate break of the system, in a run that is as the catalogue expects it without the break. */
export interface Sabotage {
  readonly id: string;
  /** What is broken, in words: "a dispatcher that never starts". */
  readonly broken: string;
  /** Its id in the catalogue. */
  readonly scenario: string;
  readonly fix: string;
  readonly by: Break;
  readonly finds: Finding;
}

/** What has to be found of it. */
export type Finding =
  /** The claim, held without the break, is violated; `loss`: what the evidence names, if anything. */
  | { readonly kind: "claim"; readonly loss: LossId | null }
  /** The message is lost in another way than without the break, or in none that is known. */
  | { readonly kind: "loss"; readonly not: LossId; readonly but: LossId | null }
  /** The claim, held without the break, is met; only this invariant is broken. `seen`: what is told of it, in part. */
  | { readonly kind: "invariant"; readonly id: InvariantId; readonly seen: string }
  /** The run can no longer tell, and says why: `because`, in part. */
  | { readonly kind: "doubt"; readonly because: string }
  /** The log does not keep its contract: the verdict is as without the break, by states alone, and that is said. */
  | { readonly kind: "states-alone"; readonly missing: string };

export type Judged = Pick<Result, "verdict" | "loss" | "because" | "asExpected"> & {
  readonly isClaimMet: boolean;
  readonly invariants: readonly Pick<Result["invariants"][number], "id" | "held" | "seen">[];
};

/** Why a run is none that a sabotage can be told by, if so: `without` the break it has to be as the finding says. */
export function faultOfControl({ finds }: Sabotage, without: Judged): string | undefined {
  const isSo =
    without.asExpected &&
    {
      claim: () => without.verdict === "held",
      loss: () => finds.kind === "loss" && without.loss === finds.not,
      invariant: () => without.verdict === "held",
      doubt: () => without.verdict !== "unknown",
      "states-alone": () => without.verdict === "violated",
    }[finds.kind]();
  return isSo ? undefined : `without the break already: ${told(without)}`;
}

/** What the broken run said instead of what had to be found; undefined if it was found. */
export function survivalOf({ finds }: Sabotage, broken: Judged): string | undefined {
  return isFound(finds, broken) ? undefined : `survived: ${told(broken)}`;
}

function isFound(finds: Finding, run: Judged): boolean {
  switch (finds.kind) {
    case "claim":
      return run.verdict === "violated" && !run.isClaimMet && run.loss === finds.loss;
    case "loss":
      return run.verdict === "violated" && finds.but !== finds.not && run.loss === finds.but;
    case "invariant": {
      const [only, ...more] = run.invariants.filter(({ held }) => held !== true);
      const isIt = only?.id === finds.id && only.held === false && only.seen.includes(finds.seen);
      return run.verdict === "violated" && run.isClaimMet && isIt && more.length === 0;
    }
    case "doubt":
      return run.verdict === "unknown" && run.because.includes(finds.because);
    case "states-alone":
      return (
        run.verdict === "violated" &&
        run.because.includes(
          `judged by states alone, the log contract is not met: this build never logs ${finds.missing}`,
        )
      );
  }
}

function told({ verdict, loss, because, invariants }: Judged): string {
  const broken = invariants
    .filter(({ held }) => held !== true)
    .map(({ id, held, seen }) => `; invariant ${id} ${held === false ? "broken" : "not known"}: ${seen}`);
  return `${verdict.toUpperCase()}${loss === null ? "" : ` ${loss}`}: ${because}${broken.join("")}`;
}
