import { join } from "node:path";
import chalk from "chalk";
import type { Engine } from "../engines/engine.ts";
import { EnvironmentError } from "../errors.ts";
import { openArtifacts, pointLatestAt } from "../report/artifacts.ts";
import type { Result } from "../report/result.ts";
import { createStory } from "../report/story.ts";
import { verdictLines } from "../report/verdict-lines.ts";
import type { Scenario } from "../scenario/define.ts";
import { commandFor } from "../standing/choose.ts";
import { type JobFile, type System, systemNote } from "../systems/system.ts";
import { sayDuration } from "../timing/duration.ts";
import { KNOBS, recoveryWindowMs, type TimingProfile } from "../timing/profile.ts";
import { judgeOnce, timingOf, type Run } from "./judge-once.ts";
import type { AvoidRule } from "../vocabulary.ts";
import type { RunFlags } from "./options.ts";
import { progressOnStderr } from "./progress.ts";
import { peopleFiles } from "./people-files.ts";
import { replayCommand } from "./replay.ts";
import { newRunId, reportFolder } from "./report-folder.ts";

export interface OneRun {
  readonly scenario: Scenario;
  readonly engine: Engine;
  /** Why this engine. */
  readonly why: string;
  readonly system: System;
  readonly profile: TimingProfile;
  readonly fix: string;
  readonly avoid: AvoidRule | undefined;
  readonly expect: Run["expect"];
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
const DRIVE_ON_HOURS = 24;

/** Runs one scenario once, tells its story, and leaves its report. */
export async function runOnce(one: OneRun): Promise<Result> {
  const { scenario, engine, flags, tell } = one;
  // A simulation has nothing that could be looked at afterwards.
  const keep = flags.keep === true && engine.name === "docker";
  const run: Run = {
    ...one,
    runId: newRunId(new Date()),
    edges: one.edges ?? scenario.edges,
    driveOnMs: DRIVE_ON_HOURS * 60 * 60_000,
    prove: true,
    keep,
    replay: replayCommand({
      ...one,
      scenario: scenario.file ?? scenario.id,
      engine: engine.name,
      askedEngine: flags.engine,
      system: one.system.name,
      timing: flags.timing,
      set: flags.set,
      avoid: flags.avoid,
    }),
  };
  const folder = folderOf(run.runId, one);
  // Nothing is told for so long; but only to somebody who sits there.
  const progress = process.stderr.isTTY ? progressOnStderr() : undefined;
  const artifacts = openArtifacts(folder, { live: engine.name === "docker" });
  for (const line of headLines(run, one.why)) tell(line);
  try {
    const story = createStory(run.system.patterns, { verbose: flags.verbose === true, write: tell });
    const { result, outcome } = await judgeOnce(run, {
      onEntry: (entry) => {
        progress?.end();
        story(entry);
      },
      onLine: artifacts.line,
      onHour: (hour) =>
        progress?.update(`hour ${hour + 1} of ${DRIVE_ON_HOURS} that it is watched on: does it stay stuck?`),
    });
    artifacts.finish(outcome.timeline, result, peopleFiles(run, result, outcome.timeline));
    if (flags.out === undefined) pointLatestAt(folder);
    for (const line of verdictLines(result, folder)) tell(line);
    if (keep) tell(chalk.dim(keptLine(run.runId)));
    return result;
  } catch (error) {
    const isAnything = artifacts.abandon();
    if (error instanceof EnvironmentError && isAnything)
      tell(`  logs     ${join(folder, "logs")}, so far as it came`);
    throw error;
  }
}

function headLines(run: Run, why: string): string[] {
  const { scenario, engine, profile, fix, edges, seed } = run;
  const timing = timingOf(run);
  const own = KNOBS.filter((knob) => timing[knob] !== profile.timing[knob]).map(
    (knob) => `${knob}=${sayDuration(timing[knob])}`,
  );
  const setting = [
    `${engine.title} (${why})`,
    ...systemNote(run.system),
    `timing ${profile.name}`,
    `fix ${fix}`,
    ...(run.avoid === undefined ? [] : [`avoid ${run.avoid}`]),
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

function keptLine(runId: string): string {
  return (
    `  kept     its containers carry the label io.expanso.repro.run=${runId}; \`${commandFor(runId, "ps")}\` ` +
    `shows them, \`${commandFor(runId, "down")}\` removes them`
  );
}

function folderOf(runId: string, { flags, isOnly }: OneRun): string {
  const folder = reportFolder(runId, flags.out);
  return flags.out === undefined || isOnly ? folder : join(folder, runId);
}
