import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import chalk from "chalk";
import { UsageError } from "../errors.ts";
import type { Engine } from "../engines/engine.ts";
import { openArtifacts, pointLatestAt } from "../report/artifacts.ts";
import { makeResult, type Result } from "../report/result.ts";
import { createStory } from "../report/story.ts";
import { summaryLines } from "../report/summary.ts";
import { verdictLines } from "../report/verdict-lines.ts";
import type { Scenario } from "../scenario/define.ts";
import { runScenario } from "../scenario/runner.ts";
import type { JobFile, System } from "../systems/system.ts";
import { sayDuration } from "../timing/duration.ts";
import { loadTimingProfile } from "../timing/load-profile.ts";
import { recoveryWindowMs, type TimingProfile } from "../timing/profile.ts";
import { nearest } from "../text/nearest.ts";
import { chooseEngine, REPOSITORY } from "./choose-engine.ts";
import { exitCodeOf } from "./exit-code.ts";
import { oneOf, wholeNumber, type RunFlags } from "./options.ts";

export interface CommandWorld {
  readonly system: System;
  readonly scenarios: readonly Scenario[];
  readonly signal: AbortSignal;
  /** Standard output: results. */
  readonly out: (line: string) => void;
  /** Standard error: progress and errors. */
  readonly err: (line: string) => void;
}

/** `repro run`: every named scenario, as often as asked. Resolves with the exit code. */
export async function runCommand(
  names: readonly string[],
  flags: RunFlags,
  world: CommandWorld,
): Promise<number> {
  const chosen = chooseScenarios(names, world.scenarios);
  const engineName = oneOf("--engine", flags.engine, ["auto", "docker", "sim"]);
  const format = oneOf("--format", flags.format, ["text", "json"]);
  const profile = loadTimingProfile(flags.timing);
  const edges = flags.edges === undefined ? undefined : wholeNumber("--edges", flags.edges, 1, 50);
  const repeat = wholeNumber("--repeat", flags.repeat, 1, 10_000);
  const tell = format === "text" ? world.out : () => {};

  // Everything that a person may have got wrong is looked at before anything is started.
  const jobFiles = await readJobFiles(chosen, world.system);
  const { engine, why } = await chooseEngine(engineName, tell, 7);
  await engine.prepare(world.system.images, tell);

  const results: Result[] = [];
  for (let round = 1; round <= repeat; round += 1) {
    for (const scenario of chosen) {
      world.signal.throwIfAborted();
      const only = repeat * chosen.length === 1;
      results.push(
        await runOne({ scenario, engine, why, profile, edges, flags, jobFiles, world, tell, only }),
      );
    }
  }
  if (format === "json") world.out(JSON.stringify(results.length === 1 ? results[0] : results, null, 2));
  else if (results.length > 1) for (const line of summaryLines(results)) world.out(line);
  return exitCodeOf(results);
}

async function runOne(at: {
  readonly scenario: Scenario;
  readonly engine: Engine;
  readonly why: string;
  readonly profile: TimingProfile;
  readonly edges: number | undefined;
  readonly flags: RunFlags;
  readonly jobFiles: ReadonlyMap<string, JobFile>;
  readonly world: CommandWorld;
  readonly tell: (line: string) => void;
  /** The only run of this command: `--out` is then its folder, not the folder of its folder. */
  readonly only: boolean;
}): Promise<Result> {
  const { scenario, engine, profile, flags, world, tell } = at;
  const fix = "none";
  const edges = at.edges ?? scenario.edges;
  const timing = { ...profile.timing, ...scenario.knobs };
  const startedAt = new Date();
  const runId = newRunId(startedAt);
  const folder = folderOf(runId, at);
  const artifacts = openArtifacts(folder);
  for (const line of headLines()) tell(line);
  try {
    const outcome = await runScenario({
      runId,
      scenario,
      engine,
      system: world.system,
      timing,
      fix,
      edges,
      jobFiles: at.jobFiles,
      keep: flags.keep === true,
      signal: world.signal,
      onEntry: createStory(world.system.patterns, { verbose: flags.verbose === true, write: tell }),
      onLine: artifacts.line,
    });
    const result = makeResult(
      {
        scenario,
        engine,
        system: world.system.name,
        profile: profile.name,
        timing,
        fix,
        edges,
        seed: 0,
        startedAt: startedAt.toISOString(),
        replay: replayCommand(),
      },
      outcome,
    );
    await artifacts.finish(outcome.timeline, result);
    if (flags.out === undefined) pointLatestAt(folder);
    for (const line of verdictLines(result, folder)) tell(line);
    if (flags.keep === true) {
      tell(
        chalk.dim(
          `  kept     its containers carry the label io.expanso.repro.run=${runId}; \`repro clean --all\` removes them`,
        ),
      );
    }
    return result;
  } catch (error) {
    await artifacts.abandon();
    throw error;
  }

  function headLines(): string[] {
    const own = Object.entries(scenario.knobs ?? {}).map(([knob, ms]) => `${knob}=${sayDuration(ms)}`);
    const setting = [
      `${engine.title} (${at.why})`,
      `timing ${profile.name}`,
      `fix ${fix}`,
      `${edges} edge${edges === 1 ? "" : "s"}`,
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

  function replayCommand(): string {
    const options = [
      ...(flags.engine === "auto" ? [] : [`--engine ${flags.engine}`]),
      ...(flags.timing === "default" ? [] : [`--timing ${flags.timing}`]),
      ...(at.edges === undefined ? [] : [`--edges ${at.edges}`]),
    ];
    return ["pnpm repro", scenario.id, ...options].join(" ");
  }
}

function chooseScenarios(names: readonly string[], scenarios: readonly Scenario[]): readonly Scenario[] {
  if (names.length === 0) return scenarios.slice(0, 1);
  if (names.includes("all")) return scenarios;
  const ids = scenarios.map((scenario) => scenario.id);
  return names.map((name) => {
    const found = scenarios.find((scenario) => scenario.id === name);
    if (found !== undefined) return found;
    throw new UsageError(
      `there is no scenario "${name}"${nearest(name, ids)}; accepted are ${ids.join(", ")}, all`,
    );
  });
}

/** Reads and checks every job file that will be deployed. @throws UsageError with each problem's place. */
async function readJobFiles(scenarios: readonly Scenario[], system: System): Promise<Map<string, JobFile>> {
  const names = [...new Set(scenarios.flatMap((scenario) => scenario.jobs))];
  const files = names.map((name): JobFile => {
    const path = join("pipelines", name);
    try {
      return { name: path, text: readFileSync(join(REPOSITORY, path), "utf8") };
    } catch (cause) {
      throw new UsageError(
        `cannot read the job file ${path}: ${cause instanceof Error ? cause.message : ""}`,
        { cause },
      );
    }
  });
  const problems = (await Promise.all(files.map((file) => system.checkJobFile(file)))).flat();
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  return new Map(files.map((file, index) => [names[index] ?? "", file]));
}

function folderOf(runId: string, at: { readonly flags: RunFlags; readonly only: boolean }): string {
  const { out } = at.flags;
  if (out === undefined) return join(REPOSITORY, ".repro", runId);
  return at.only ? resolve(out) : join(resolve(out), runId);
}

/** Sorts by time, and differs between runs that start in the same second. */
function newRunId(startedAt: Date): string {
  const time = startedAt.toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
  return `${time}-${Math.random().toString(36).slice(2, 8).padEnd(6, "0")}`;
}
