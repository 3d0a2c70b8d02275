import { join } from "node:path";
import type { Scenario } from "../scenario/define.ts";
import { nextOffsets } from "../sweep/boundaries.ts";
import { samplesOf, sweepPointOf, type SweepPoint } from "../sweep/point.ts";
import { offsetsOf, writeOffset, type SweepRange } from "../sweep/range.ts";
import { sweepPoint, type SweepOffsets } from "../sweep/sweep-point.ts";
import type { JobFile, System } from "../systems/system.ts";
import type { TimingProfile } from "../timing/profile.ts";
import { inParallel } from "./in-parallel.ts";
import type { ManyRuns } from "./many-runs.ts";
import { runQuietly } from "./run-quietly.ts";

export interface SweepRuns extends Omit<SweepOffsets, "deployAtMs"> {
  readonly runs: ManyRuns;
  readonly range: SweepRange;
  readonly system: System;
  /** The catalogue. */
  readonly scenarios: readonly Scenario[];
  readonly jobFiles: ReadonlyMap<string, JobFile>;
  readonly profile: TimingProfile;
  readonly fix: string;
  /** The command that does all of it again. */
  readonly replay: string;
  readonly onEnded: (point: SweepPoint, exitCode: number) => void;
}

/**
 * Runs every offset of the range, then halves between neighbours that came out differently. A run that is not
 * as its own log lines say leaves its whole report in `points/`.
 * @throws the signal's reason when interrupted.
 */
export async function runSweep(at: SweepRuns): Promise<void> {
  const { runs, range, system, replay } = at;
  const points: SweepPoint[] = [];
  let begun = 0;
  await runAll(offsetsOf(range), "the range");
  // On a real engine each run has boundaries of its own, and halving may never come to an end.
  const mostRounds = Math.ceil(Math.log2(Math.max(2, range.stepMs / range.precisionMs))) + 2;
  for (let round = 1; round <= mostRounds; round += 1) {
    const offsets = nextOffsets(samplesOf(points), range.precisionMs);
    if (offsets.length === 0) return;
    await runAll(offsets, "the boundaries");
  }

  async function runAll(offsets: readonly number[], what: string): Promise<void> {
    const total = points.length + offsets.length;
    await inParallel(offsets, runs.atOnce, async (askedMs) => {
      runs.signal.throwIfAborted();
      runs.progress.update(`${what}: ${points.length} of ${total} runs; now ${writeOffset(askedMs)}`);
      begun += 1;
      const engine = runs.newEngine();
      const scenario = sweepPoint(engine, { ...at, deployAtMs: askedMs });
      const { fix, profile, jobFiles } = at;
      const { seed, signal } = runs;
      const run = await runQuietly({
        scenario,
        engine,
        system,
        fix,
        profile,
        seed,
        jobFiles,
        signal,
        replay,
        runId: `${runs.runId}-${begun}`,
        edges: scenario.edges,
        driveOnMs: 0,
        prove: false,
      });
      const point = sweepPointOf(askedMs, run, { ...system, scenarios: at.scenarios });
      points.push(point);
      if (!point.asExpected) run.writeReport(join(runs.folder, "points", writeOffset(askedMs)));
      at.onEnded(point, run.exitCode);
    });
  }
}
