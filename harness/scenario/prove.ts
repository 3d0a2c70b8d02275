import type { Verdict } from "../checks/verdict.ts";
import type { Remedy } from "../systems/system.ts";
import type { Entry, EntryOf } from "../timeline/entry.ts";
import { ofKind, type TimelineRecorder } from "../timeline/timeline.ts";
import type { Condition } from "./condition.ts";
import type { RunState } from "./run-state.ts";
import { waitFor } from "./wait.ts";

/** What came of doing by hand what was lost (spec 4-harness, "Counterfactual proof"). */
export type Proof = Omit<EntryOf<"proof">, "kind" | "seq" | "atMs">;

/** Why there is none. */
export interface NoProof {
  readonly why: string;
}

interface Judged {
  readonly verdict: Verdict;
  readonly timeline: readonly Entry[];
  readonly proof?: Proof | NoProof | undefined;
}

/**
 * Delivers what was lost and nothing else, and watches for W whether the claim now becomes true. If it does, the
 * loss is the cause, and not only something that was found beside it. Undefined where no loss was named, and
 * where the cluster was watched further: after another day it can prove nothing of the moment of its claim.
 * @throws ControlError if it cannot be delivered.
 */
export async function prove(
  state: RunState,
  at: {
    readonly verdict: Verdict;
    /** The one that was not met. */
    readonly claim: Condition | undefined;
    readonly windowMs: number;
    /** Somebody wants to look at the cluster as it is. */
    readonly keep: boolean;
  },
): Promise<Proof | NoProof | undefined> {
  const remedies = remediesIn(at.verdict);
  if (remedies === undefined || at.claim === undefined) return undefined;
  if (wasDrivenOn(state.timeline.entries())) return undefined;
  const { deliver } = state.control;
  if (at.keep) return { why: "the cluster was to be kept as it is" };
  if (deliver === undefined) return { why: "this system gives no way to deliver a message by hand" };
  if (remedies.length === 0) return { why: "the record does not hold what was lost" };
  const before = await at.claim.look();
  if (before.met) return { why: `it healed by itself before anything was delivered: ${before.seen}` };

  await Promise.all(remedies.map((remedy) => deliver(remedy)));
  const deliveredMs = state.nowMs();
  const sight = await waitFor(state, at.claim, at.windowMs);
  const proof: Proof = {
    delivered: remedies.map(({ what }) => what),
    proven: sight.met,
    afterMs: Math.round(state.nowMs() - deliveredMs),
    seen: sight.seen,
    inSecondRun: false,
  };
  state.record({ kind: "proof", ...proof });
  return proof;
}

/**
 * The proof for a cluster that was watched further: the same seed is run again, up to the same moment. It counts
 * only if both went the same way up to the claim, and if the first did not heal as soon by itself.
 */
export async function proveAnew(
  first: Judged,
  recorder: TimelineRecorder,
  runAgain: () => Promise<Judged>,
): Promise<Proof | NoProof | undefined> {
  if (remediesIn(first.verdict) === undefined || !wasDrivenOn(first.timeline)) return first.proof;
  const second = await runAgain();
  if (upToClaim(first.timeline) !== upToClaim(second.timeline)) {
    return { why: "a second run of the same seed went another way, so it proves nothing of this one" };
  }
  if (second.proof === undefined || "why" in second.proof) return second.proof;
  const alone = ofKind(first.timeline, "driven-on").find(({ healed }) => healed);
  const helped = ofKind(second.timeline, "proof")[0];
  const isSooner = alone === undefined || (helped !== undefined && helped.atMs < alone.atMs);
  const proof: Proof = isSooner
    ? { ...second.proof, inSecondRun: true }
    : {
        ...second.proof,
        inSecondRun: true,
        proven: false,
        seen: `${second.proof.seen}, and as soon without`,
      };
  recorder.record(first.timeline.at(-1)?.atMs ?? 0, { kind: "proof", ...proof });
  return proof;
}

/** Of a loss that was named. */
function remediesIn(verdict: Verdict): readonly Remedy[] | undefined {
  return verdict.is === "violated" && verdict.loss !== null ? (verdict.remedies ?? []) : undefined;
}

function wasDrivenOn(timeline: readonly Entry[]): boolean {
  return timeline.some((entry) => entry.kind === "driven-on");
}

function upToClaim(timeline: readonly Entry[]): string {
  const end = timeline.findIndex((entry) => entry.kind === "claim" && !entry.held);
  return JSON.stringify(timeline.slice(0, end + 1));
}
