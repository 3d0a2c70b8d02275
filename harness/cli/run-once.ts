import { join, resolve } from "node:path";
import chalk from "chalk";
import type { Engine } from "../engines/engine.ts";
import { openArtifacts, pointLatestAt } from "../report/artifacts.ts";
import { makeResult, type Result } from "../report/result.ts";
import { createStory } from "../report/story.ts";
import { verdictLines } from "../report/verdict-lines.ts";
import type { Scenario } from "../scenario/define.ts";
import { runScenario } from "../scenario/runner.ts";
import type { JobFile, System } from "../systems/system.ts";
import { sayDuration } from "../timing/duration.ts";
import { KNOBS, recoveryWindowMs, timingFor, type TimingProfile } from "../timing/profile.ts";
import { REPOSITORY } from "./choose-engine.ts";
import type { RunFlags } from "./options.ts";

export interface OneRun {
  readonly scenario: Scenario;
  readonly engine: Engine;
  /** Why this engine. */
  readonly why: string;
  readonly system: System;
  readonly profile: TimingProfile;
  readonly fix: string;
  /** Undefined: as many as the scenario says. */
  readonly edges: number | undefined;
  readonly seed: number;
  readonly jobFiles: ReadonlyMap<string, JobFile>;
  readonly flags: RunFlags;
  /** The only run of this command: `--out` is then its folder, not the folder of its folder. */
  readonly isOnly: boolean;
  readonly signal: AbortSignal;
  readonly tell: (line: string) => void;
}

/** Spec 3-scenarios: 24 virtual hours, to earn the word "for ever". */
const DRIVE_ON_MS = 24 * 60 * 60_000;

/** Runs one scenario once, tells its story, and leaves its report. */
export async function runOnce(run: OneRun): Promise<Result> {
  const { scenario, engine, profile, fix, flags, tell } = run;
  const edges = run.edges ?? scenario.edges;
  const timing = timingFor(profile.timing, scenario.atLeast);
  const startedAt = new Date();
  const runId = newRunId(startedAt);
  const folder = folderOf(runId, run);
  const artifacts = openArtifacts(folder, { live: engine.name === "docker" });
  for (const line of headLines(run, edges)) tell(line);
  try {
    const outcome = await runScenario({
      runId,
      scenario,
      engine,
      system: run.system,
      timing,
      fix,
      edges,
      jobFiles: run.jobFiles,
      driveOnMs: DRIVE_ON_MS,
      // A simulation has nothing that could be looked at afterwards.
      keep: flags.keep === true && engine.name === "docker",
      prove: true,
      signal: run.signal,
      onEntry: createStory(run.system.patterns, { verbose: flags.verbose === true, write: tell }),
      onLine: artifacts.line,
    });
    const result = makeResult(
      {
        scenario,
        engine,
        system: run.system.name,
        profile: profile.name,
        timing,
        fix,
        edges,
        seed: run.seed,
        startedAt: startedAt.toISOString(),
        replay: replayCommand(run),
      },
      outcome,
    );
    artifacts.finish(outcome.timeline, result);
    if (flags.out === undefined) pointLatestAt(folder);
    for (const line of verdictLines(result, folder)) tell(line);
    if (flags.keep === true && engine.name === "docker") tell(chalk.dim(keptLine(runId)));
    return result;
  } catch (error) {
    artifacts.abandon();
    throw error;
  }
}

function headLines({ scenario, engine, why, profile, fix, seed }: OneRun, edges: number): string[] {
  const timing = timingFor(profile.timing, scenario.atLeast);
  const own = KNOBS.filter((knob) => timing[knob] !== profile.timing[knob]).map(
    (knob) => `${knob}=${sayDuration(timing[knob])}`,
  );
  const setting = [
    `${engine.title} (${why})`,
    `timing ${profile.name}`,
    `fix ${fix}`,
    `${edges} edge${edges === 1 ? "" : "s"}`,
    `seed ${seed}`,
    ...(own.length > 0 ? [`this scenario sets ${own.join(", ")}`] : []),
  ];
  return [
    "",
    `${chalk.bold(scenario.id)}   ${setting.join(" · ")}`,
    `claim      ${scenario.claim}`,
    `W          ${sayDuration(recoveryWindowMs(timing))}, the time a correct system needs at the most`,
    "",
  ];
}

/** Everything that was not left to its default; on Docker the seed changes nothing. */
function replayCommand({ scenario, engine, flags, fix, edges, seed }: OneRun): string {
  const options = [
    ...(engine.name === "sim"
      ? ["--engine sim"]
      : flags.engine === "auto"
        ? []
        : [`--engine ${flags.engine}`]),
    ...(flags.timing === "default" ? [] : [`--timing ${flags.timing}`]),
    ...(flags.set ?? []).map((setting) => `--set ${setting}`),
    ...(fix === "none" ? [] : [`--fix ${fix}`]),
    ...(edges === undefined ? [] : [`--edges ${edges}`]),
    ...(engine.name === "sim" ? [`--seed ${seed}`] : []),
  ];
  return ["pnpm repro", scenario.id, ...options].join(" ");
}

function keptLine(runId: string): string {
  return `  kept     its containers carry the label io.expanso.repro.run=${runId}; \`repro clean --all\` removes them`;
}

function folderOf(runId: string, { flags, isOnly }: OneRun): string {
  if (flags.out === undefined) return join(REPOSITORY, ".repro", runId);
  return isOnly ? resolve(flags.out) : join(resolve(flags.out), runId);
}

/** Sorts by time, and differs between runs that start in the same second. */
function newRunId(startedAt: Date): string {
  const time = startedAt.toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
  return `${time}-${Math.random().toString(36).slice(2, 8).padEnd(6, "0")}`;
}
