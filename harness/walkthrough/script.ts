import type { Deed } from "./deed.ts";
import { GHOST } from "./ghost.ts";
import { HEADLINE } from "./headline.ts";
import type { Remark } from "./remark.ts";
import { allReady, claimIs, hasBitten } from "./remarks.ts";

/** What is said of one deed, where it is not what is said of any such deed. */
export interface StepWords {
  readonly title?: string;
  readonly why?: string;
  /** What it is good for to look at now. */
  readonly look?: string;
  /** Said of what has happened, and checked; by what is expected of the run. */
  readonly remarks?: (expected: string | undefined) => readonly Remark[];
  /** Why nobody can be asked before it where time goes on meanwhile. */
  readonly atOnce?: string;
}

/** By deed and how many of its kind there have been: `kill 1`, `deploy 2`. */
export type Script = Readonly<Record<string, StepWords>>;

/** The words of a scenario's own, by its id; the others are told by the words for each verb. */
export const SCRIPTS: Readonly<Record<string, Script>> = {
  "deploy-in-disconnect-window": HEADLINE,
  "ghost-of-old-identity": GHOST,
  "redeploy-during-handshake": {
    "deploy 2": { atOnce: "the race is over as soon as the data planes are up" },
  },
  "status-lost": {
    "kill 1": { atOnce: "the job comes to its own end in three seconds, and nobody may hear of it" },
  },
};

/** What can be said of any such deed. */
export function remarksOf(deed: Deed, expected: string | undefined): readonly Remark[] {
  switch (deed.do) {
    case "begin":
      return deed.machines.some((name) => name.startsWith("edge"))
        ? [allReady("Every node is connected and can be sent to.")]
        : [];
    case "kill":
    case "pause":
    case "cut":
    case "cut-for":
    case "resume":
    case "heal":
    case "recreate":
      return [hasBitten("It is proven to have worked, not only to have been asked for.")];
    case "claim":
    case "always":
      return expected === undefined
        ? []
        : [
            expected === "held"
              ? claimIs("As a correct system should: the claim is met.", true)
              : claimIs("The claim is not met, as this build is expected to show.", false),
          ];
    case "deploy":
    case "stop-job":
    case "start":
    case "join":
      return [];
  }
}
