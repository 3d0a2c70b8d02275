import type { InvariantFinding } from "./invariants.ts";
import type { LossFinding, RecoveryRound, Remedy, Witness } from "../systems/system.ts";
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
    recoveryRound(timeline: readonly Entry[], jobId: string): RecoveryRound;
    missingLines(timeline: readonly Entry[]): readonly string[];
    returnsIn?(timeline: readonly Entry[]): readonly Return[];
  };
  readonly brokerMachine?: string;
  /** Of an orchestrator elsewhere. */
  readonly remote?: { readonly unheard: string } | undefined;
}

/**
 * Judges a run from its record. `failure` is why the run ended early, if it did. Pure: the same record gives
 * the same verdict, on either engine.
 */
export function judge(
  timeline: readonly Entry[],
  failure: string | undefined,
  expertise: Expertise,
  invariants: readonly InvariantFinding[],
): Verdict {
  if (failure !== undefined) return unknown([failure, ...unkept(timeline, expertise)].join("; "));
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
  return judgeHeld(claims.map((claim) => claim.seen).join("; "), { timeline, invariants, expertise });
}

/** Every claim was met, which is not enough: a held verdict needs the invariants, too. */
function judgeHeld(
  claimed: string,
  run: {
    readonly timeline: readonly Entry[];
    readonly invariants: readonly InvariantFinding[];
    readonly expertise: Expertise;
  },
): Verdict {
  const needed = run.invariants.filter((invariant) => invariant.excepted === undefined);
  const broken = needed.filter((invariant) => invariant.is === "broken");
  if (broken.length > 0) {
    const stuck = broken.find(({ executions }) => executions.length > 0)?.executions ?? [];
    const finding = explain(stuck, run.timeline, run.expertise);
    return {
      is: "violated",
      ...namedBy(finding),
      because: [
        ...broken.map(({ id, name, seen }) => `the claim was met, but not invariant ${id}, ${name}: ${seen}`),
        claimed,
        ...(finding === undefined ? [] : [`message lost: ${finding.because}`]),
      ].join("; "),
    };
  }
  const missing = unkept(run.timeline, run.expertise);
  const unclear = needed.find((invariant) => invariant.is === "unclear");
  if (unclear !== undefined) {
    const why = `the claim was met; whether the invariants hold is not known: ${unclear.seen}`;
    return unknown([why, ...missing].join("; "));
  }
  return { is: "held", because: [claimed, ...missing.map(byStatesAlone)].join("; ") };
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
  const missing = unkept(timeline, expertise);
  const round =
    // What should have stayed so needs no recovery.
    claim.job === undefined || claim.watchedMs !== undefined || missing.length > 0
      ? "none"
      : expertise.signals.recoveryRound(timeline, claim.job);
  if (round === "due") {
    return unknown(
      "no node-join evaluation of the job was processed after the last handshake: its recovery may be late",
    );
  }
  const finding = explain(claim.stuck, timeline, expertise);
  return {
    is: "violated",
    ...namedBy(finding),
    because: [
      claim.seen,
      ...recovery(round),
      ...sinceDispatch(claim, timeline, expertise, missing.length === 0),
      ...(finding === undefined ? ["the evidence fits no known loss"] : [`message lost: ${finding.because}`]),
      ...all.filter((entry) => entry.kind === "driven-on").map(afterwards),
      ...missing.map(byStatesAlone),
    ].join("; "),
  };
}

/** What became of the messages of these executions. */
function explain(
  stuck: readonly ExecutionSeen[],
  timeline: readonly Entry[],
  expertise: Expertise,
): LossFinding | undefined {
  const seen = timeline.findLast((entry): entry is EntryOf<"state"> => entry.kind === "state")?.seen;
  if (seen === undefined || stuck.length === 0) return undefined;
  return expertise.explainLoss({ timeline, stuck, seen });
}

/** A loss counts with two independent witnesses. */
function namedBy(finding: LossFinding | undefined) {
  const sources = new Set(finding?.witnesses.map((witness) => witness.source));
  const isNamed = finding !== undefined && sources.size >= 2;
  return {
    loss: isNamed ? finding.loss : null,
    witnesses: finding?.witnesses ?? [],
    diedAt: finding?.at,
    ...(isNamed && finding.remedies !== undefined ? { remedies: finding.remedies } : {}),
  };
}

/** The contract that a log is read by: what waits for a line that has another name here waits for ever. */
function unkept(timeline: readonly Entry[], { signals, remote }: Expertise): string[] {
  if (remote !== undefined) return [remote.unheard];
  const missing = signals.missingLines(timeline);
  if (missing.length === 0) return [];
  return [`the log contract is not met: this build never logs ${missing.join(", ")}`];
}

function byStatesAlone(words: string): string {
  return `judged by states alone, ${words}`;
}

function recovery(round: Exclude<RecoveryRound, "due">): string[] {
  if (round === "none") return [];
  if (round === "never") return ["the last handshake led to no node-join evaluation, and none is on its way"];
  return [`node-join evaluation processed at ${clockTime(round)}`];
}

function afterwards({ forMs, healed }: EntryOf<"driven-on">): string {
  const hours = Math.round(forMs / 3_600_000);
  return healed ? `healed within ${hours} virtual hours` : `still so after ${hours} virtual hours`;
}

function sinceDispatch(
  claim: EntryOf<"claim">,
  timeline: readonly Entry[],
  expertise: Expertise,
  isWholeLog: boolean,
): string[] {
  if (claim.job === undefined) return [];
  const lastMs = expertise.signals.lastDispatchMs(timeline, claim.job);
  // That a line is not there says nothing where others are missing that should be.
  if (lastMs === undefined && !isWholeLog) return [];
  return [lastMs === undefined ? "never dispatched" : `no dispatch since ${clockTime({ atMs: lastMs })}`];
}

function unknown(because: string): Verdict {
  return { is: "unknown", because };
}
