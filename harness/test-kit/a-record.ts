import type { RunRecord } from "../report/by-hand/record.ts";
import type { System } from "../systems/system.ts";
import type { Act, Wait } from "../timeline/entry.ts";
import { aResult } from "./a-result.ts";
import { aStep, aTimeline, type Moment } from "./a-timeline.ts";

/** The record of the headline's run in that system, in which these moments are all that happened. */
export function aRecord(
  system: System,
  moments: readonly Moment[] = [],
  at: Partial<RunRecord> = {},
): RunRecord {
  return {
    runId: "run-1",
    result: aResult(),
    timeline: aTimeline(moments),
    system,
    jobFiles: new Map([["new-job.yaml", { name: "pipelines/new-job.yaml", text: "name: new-test-job\n" }]]),
    surroundings: {
      harness: "expanso-repro 0.1.0",
      host: "Linux, x64",
      images: ["expanso-edge:debug sha256:1"],
    },
    ...at,
  };
}

/** Something that was done. */
export function aDeed(act: Act, at: { readonly atMs?: number; readonly subject?: string } = {}): Moment {
  return aStep({
    atMs: 0,
    verb: act.do,
    subject: "machines" in act ? act.machines.join(", ") : "",
    ...at,
    act,
  });
}

/** Something that was waited for. */
export function aWait(wait: Wait, subject = "it is so", withinMs = 1_000): Moment {
  return aStep({ verb: "see", subject, outcome: "seen", act: { do: "wait", for: [wait], withinMs } });
}
