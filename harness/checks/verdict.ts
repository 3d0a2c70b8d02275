import type { LossFinding, Remedy, Witness } from "../systems/system.ts";
import { clockTime } from "../timeline/clock-time.ts";
import type { Entry, EntryOf } from "../timeline/entry.ts";
import type { ClusterSeen, ExecutionSeen, LossId } from "../vocabulary.ts";

import { faultUnlikeItsName, type Return } from "./fidelity.ts";

/** What one run found out about its claim. */
export type Verdict =
  | { readonly is: "held"; readonly because: string }
  | {
      readonly is: "violated";
      readonly because: string;
      /** Null where the evidence names none, or has only one source. */
      readonly loss: LossId | null;
      readonly witnesses: readonly Witness[];
      /** The line at which the message died. */
      readonly diedAt?: Entry | undefined;
      /** What would heal it, if the loss is the cause. */
      readonly remedies?: readonly Remedy[];
    }
  /** The run could not tell; never a pass. */
  | { readonly is: "unknown"; readonly because: string };

/** What the judge asks of the system's knowledge; all of it reads the record and nothing else. */
export interface Expertise {
  explainLoss(question: {
    readonly timeline: readonly Entry[];
    readonly stuck: readonly ExecutionSeen[];
    readonly seen: ClusterSeen;
  }): LossFinding | undefined;
  readonly signals: {
    lastDispatchMs(timeline: readonly Entry[], jobId: string): number | undefined;
    recoveryRound(timeline: readonly Entry[], jobId: string): Entry | "none" | "due";
    missingLines(timeline: readonly Entry[]): readonly string[];
    returnsIn?(timeline: readonly Entry[]): readonly Return[];
  };
  readonly brokerMachine?: string;
}

/**
 * Judges a run from its record. `failure` is why the run ended early, if it did. Pure: the same record gives
 * the same verdict, on either engine.
 */
export function judge(
  timeline: readonly Entry[],
  failure: string | undefined,
  expertise: Expertise,
): Verdict {
  if (failure !== undefined) return unknown(failure);
  const claims = timeline.filter((entry): entry is EntryOf<"claim"> => entry.kind === "claim");
  if (claims.length === 0) return unknown("the scenario came to its end without a claim");
  const harmless = timeline.find((entry) => entry.kind === "fault" && !entry.bit);
  if (harmless?.kind === "fault") return unknown(`${harmless.fault} did not bite: ${harmless.seen}`);
  const { brokerMachine } = expertise;
  const returns = expertise.signals.returnsIn?.(timeline) ?? [];
  const unlike = faultUnlikeItsName(timeline, { returns, brokerMachine });
  if (unlike !== undefined) return unknown(unlike);
  const slipped = timeline.find((entry) => entry.kind === "premise" && !entry.held);
  if (slipped?.kind === "premise")
    return unknown(`the premise slipped: ${slipped.what}; seen: ${slipped.seen}`);
  const broken = claims.find((claim) => !claim.held);
  if (broken !== undefined) return judgeBroken(broken, timeline, expertise);
  return { is: "held", because: claims.map((claim) => claim.seen).join("; ") };
}

/** A claim that was not met in its time is violated only if the record shows that the time was fair. */
function judgeBroken(claim: EntryOf<"claim">, all: readonly Entry[], expertise: Expertise): Verdict {
  // What a cluster does afterwards, while it is watched further, is no evidence of what kept it from healing.
  const timeline = all.slice(0, all.indexOf(claim) + 1);
  const waitedMs = claim.atMs - claim.sinceMs;
  if (waitedMs < claim.windowMs) return unknown(`waited ${waitedMs} ms, less than W = ${claim.windowMs} ms`);
  const read = timeline.findLast((entry) => entry.kind === "streams-read");
  if (read?.kind !== "streams-read" || read.upToMs < claim.sinceMs + claim.windowMs) {
    return unknown(
      "the log streams could not be read past the end of W, so what is missing may only be late",
    );
  }
  const missing = expertise.signals.missingLines(timeline);
  const round =
    claim.job === undefined || missing.length > 0
      ? "none"
      : expertise.signals.recoveryRound(timeline, claim.job);
  if (round === "due") {
    return unknown(
      "no node-join evaluation of the job was processed after the last handshake: its recovery may be late",
    );
  }
  const seen = timeline.findLast((entry): entry is EntryOf<"state"> => entry.kind === "state")?.seen;
  const finding =
    seen === undefined || claim.stuck.length === 0
      ? undefined
      : expertise.explainLoss({ timeline, stuck: claim.stuck, seen });
  const sources = new Set(finding?.witnesses.map((witness) => witness.source));
  const proven = finding !== undefined && sources.size >= 2;
  return {
    is: "violated",
    loss: proven ? finding.loss : null,
    witnesses: finding?.witnesses ?? [],
    diedAt: finding?.at,
    ...(proven && finding.remedies !== undefined ? { remedies: finding.remedies } : {}),
    because: [
      claim.seen,
      ...(round === "none" ? [] : [`node-join evaluation processed at ${clockTime(round)}`]),
      ...sinceDispatch(claim, timeline, expertise),
      ...(finding === undefined ? ["the evidence fits no known loss"] : [`message lost: ${finding.because}`]),
      ...all.filter((entry) => entry.kind === "driven-on").map(afterwards),
      ...(missing.length === 0
        ? []
        : [`judged by states alone, this build never logs ${missing.join(", ")}`]),
    ].join("; "),
  };
}

function afterwards({ forMs, healed }: EntryOf<"driven-on">): string {
  const hours = Math.round(forMs / 3_600_000);
  return healed ? `healed within ${hours} virtual hours` : `still so after ${hours} virtual hours`;
}

function sinceDispatch(claim: EntryOf<"claim">, timeline: readonly Entry[], expertise: Expertise): string[] {
  if (claim.job === undefined) return [];
  const lastMs = expertise.signals.lastDispatchMs(timeline, claim.job);
  return [lastMs === undefined ? "never dispatched" : `no dispatch since ${clockTime({ atMs: lastMs })}`];
}

function unknown(because: string): Verdict {
  return { is: "unknown", because };
}
