import type { Entry, EntryBody, EntryOf } from "../timeline/entry.ts";
import { createTimelineRecorder } from "../timeline/timeline.ts";

/** An entry that has not been recorded yet. */
export type Moment = { readonly atMs: number } & EntryBody;

/** A record of these moments, numbered in the order in which they are given, sorted by time. */
export function aTimeline(moments: readonly Moment[]): readonly Entry[] {
  const recorder = createTimelineRecorder(() => {});
  for (const { atMs, ...body } of moments) recorder.record(atMs, body);
  return recorder.entries();
}

export function aStep(at: Partial<EntryOf<"step">> = {}): Moment {
  return { atMs: 0, kind: "step", verb: "deploy", subject: "new-job.yaml", ...at };
}

export function aFault(at: Partial<EntryOf<"fault">> = {}): Moment {
  return {
    atMs: 2_249,
    kind: "fault",
    fault: "kill",
    machines: ["edge1", "edge2"],
    bit: true,
    seen: "container 7bc513e7ce5f running, then gone",
    ...at,
  };
}

export function aPremise(at: Partial<EntryOf<"premise">> = {}): Moment {
  return {
    atMs: 2_609,
    kind: "premise",
    what: "the orchestrator believes edge1 connected",
    held: true,
    seen: "edge1 connected",
    ...at,
  };
}

export function aLog(pattern: string, at: Partial<EntryOf<"log">> = {}): Moment {
  return { atMs: 0, kind: "log", machine: "orchestrator", fields: {}, text: pattern, ...at, pattern };
}

export function aState(at: Partial<EntryOf<"state">> = {}): Moment {
  return { atMs: 0, kind: "state", seen: { nodes: [], jobs: [], executions: [] }, ...at };
}

/** What was lost was delivered, and it healed, unless told otherwise. */
export function aProof(at: Partial<EntryOf<"proof">> = {}): Moment {
  return {
    atMs: 0,
    kind: "proof",
    delivered: ["the run request of e-1 to edge1"],
    proven: true,
    afterMs: 100,
    seen: "it runs",
    inSecondRun: false,
    ...at,
  };
}

/** A claim that was met, unless told otherwise. */
export function aClaim(at: Partial<EntryOf<"claim">> = {}): Moment {
  return {
    atMs: 4_000,
    kind: "claim",
    what: "new-test-job runs on edge1",
    held: true,
    seen: "new-test-job is `running`, 1 of 1 running",
    sinceMs: 3_000,
    windowMs: 3_750,
    job: "j-new",
    stuck: [],
    ...at,
  };
}

/** The end of a run in which edge1 is connected, unless told otherwise. */
export function aSettled(at: Partial<EntryOf<"settled">> = {}): Moment {
  return { atMs: 10_000, kind: "settled", edges: ["edge1"], sinceMs: 6_000, windowMs: 3_750, ...at };
}

export function aRunningOn(edge: string, executionIds: readonly string[], atMs = 9_900): Moment {
  return { atMs, kind: "running-on", edge, executionIds };
}
