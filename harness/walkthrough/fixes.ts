import type { Result } from "../report/result.ts";
import type { LossId } from "../vocabulary.ts";
import type { Remark } from "./remark.ts";
import { neverSentAgain, nothingRefused, sentAgain } from "./remarks.ts";

/** What a fix does, in the words of whoever proposed it (docs/fixes.md has the whole of it). */
const FIXES: Readonly<Record<string, string>> = {
  none: "No recovery: a message that is lost stays lost.",
  block:
    "Approach A of seed 002, RetryStrategyBlock: the dispatcher retries what was refused until it gets through.",
  redispatch: "Approach B of seed 002: when a node joins, what is pending for it is sent again.",
  pull: "After each handshake the edge tells what it has, and gets what it should have.",
  resync: "With every heartbeat the edge says in a few bytes what it runs; where that differs, both compare.",
  supersede: "A node that returns under a new id retires the old id of its name.",
  recommended: "The smallest combination that passes every scenario: resync+supersede.",
};

export function sayFix(fix: string): string {
  return FIXES[fix] ?? fix.split("+").map(sayFix).join(" ");
}

/** The way from the bug to a cure, for whoever only presses Enter: the seeds' approach A, then their B. */
const WAY: readonly string[] = ["block", "redispatch", "recommended"];

/** The fix to try next; undefined where the last one has healed it, or none is left. */
export function nextFix(
  tried: readonly Pick<Result, "fix" | "verdict">[],
  known: readonly string[],
): string | undefined {
  if (tried.at(-1)?.verdict !== "violated") return undefined;
  return WAY.find((fix) => known.includes(fix) && !tried.some((run) => run.fix === fix));
}

/** What to say of a run under a fix, after one that was violated without it. */
export function remarksOnFix(
  result: Pick<Result, "fix" | "verdict" | "loss">,
  before: Pick<Result, "loss">,
): readonly Remark[] {
  const blocks = result.fix.split("+").includes("block");
  if (result.verdict === "violated" && result.loss === "L1" && blocks) {
    return [
      nothingRefused(
        "Nothing was refused in the whole run: there was nothing to retry, so nothing to block on.",
        "all",
      ),
      neverSentAgain("After the return it was never sent again: approach A does not cure this."),
    ];
  }
  if (result.verdict === "held" && before.loss !== null && SENDING_HEALS.includes(before.loss)) {
    return [sentAgain("A request was published once its node was there, and arrived: that heals it.")];
  }
  return [];
}

const SENDING_HEALS: readonly LossId[] = ["L1", "L2", "L3"];

/** Each loss in a sentence. */
export const LOSSES: Readonly<Record<LossId, string>> = {
  L1: "The node was still believed connected: NATS took the message, and nobody listened.",
  L2: "The node was known to be away: the message was refused, and the dispatcher skipped the event.",
  L3: "The node had just shaken hands, and could not be sent to yet: refused, and the event skipped.",
  L4: "The orchestrator restarted before it had dispatched, and reads only what comes after.",
  L5: "An edge reported while the orchestrator was away, and nobody listened.",
  L6: "A request to stop was lost: the edge runs what nobody wants any more.",
  L7: "A node came back with an empty disk: it counts as running what it does not know.",
  L8: "The work is with an id that never returns: its edge came back under another one.",
};
