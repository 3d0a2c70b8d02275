import type { Engine } from "../engines/engine.ts";
import { makeResult, type Result } from "../report/result.ts";
import type { Scenario } from "../scenario/define.ts";
import { runScenario, type RunOutcome, type RunRequest } from "../scenario/runner.ts";
import type { JobFile, System } from "../systems/system.ts";
import type { AvoidRule } from "../vocabulary.ts";
import { timingFor, type Timing, type TimingProfile } from "../timing/profile.ts";

/** One scenario on one engine, under one fix and one timing. */
export interface Run {
  readonly runId: string;
  readonly scenario: Scenario;
  readonly engine: Engine;
  readonly system: System;
  readonly profile: TimingProfile;
  readonly fix: string;
  readonly avoid?: AvoidRule | undefined;
  /** Instead of what the scenario itself expects. */
  readonly expect?: "held" | "violated" | undefined;
  readonly edges: number;
  readonly seed: number;
  readonly jobFiles: ReadonlyMap<string, JobFile>;
  /** In a simulation, how long a violated claim is watched further, in virtual milliseconds; 0: not at all. */
  readonly driveOnMs: number;
  readonly keep?: boolean;
  /** Whether a loss is proven by doing by hand what was lost. */
  readonly prove: boolean;
  /** The command that does it again. */
  readonly replay: string;
  readonly signal: AbortSignal;
}

/** What there is to be heard while it goes on. */
export type RunListener = Pick<RunRequest, "onEntry" | "onLine" | "onHour">;

/** Runs it, judges it, and writes nothing. @throws as `runScenario` does. */
export async function judgeOnce(
  run: Run,
  listener: RunListener,
): Promise<{ readonly result: Result; readonly outcome: RunOutcome }> {
  const { runId, scenario, engine, system, fix, edges, jobFiles, driveOnMs, signal } = run;
  const startedAt = new Date();
  const outcome = await runScenario({
    runId,
    scenario,
    engine,
    system,
    fix,
    avoid: run.avoid,
    edges,
    jobFiles,
    driveOnMs,
    signal,
    ...listener,
    timing: timingOf(run),
    keep: run.keep === true,
    prove: run.prove,
  });
  return { result: resultOf(run, startedAt, outcome), outcome };
}

/** The result of a run that began at `startedAt` and came out like this. */
export function resultOf(run: Run, startedAt: Date, outcome: RunOutcome): Result {
  const { scenario, engine, fix, edges, seed, replay } = run;
  return makeResult(
    {
      scenario,
      engine,
      fix,
      avoid: run.avoid,
      expect: run.expect,
      edges,
      seed,
      replay,
      system: run.system.name,
      namesLosses: run.system.remote === undefined,
      profile: run.profile.name,
      timing: timingOf(run),
      startedAt: startedAt.toISOString(),
    },
    outcome,
  );
}

/** The profile's pace, with what the scenario needs to be otherwise. */
export function timingOf({
  profile,
  scenario,
  system,
}: Pick<Run, "profile" | "scenario" | "system">): Timing {
  // A cloud has its own, which `--timing` only tells.
  if (system.remote !== undefined) return profile.timing;
  return timingFor(profile.timing, scenario.atLeast);
}
