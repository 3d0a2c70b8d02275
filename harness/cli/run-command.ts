import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../errors.ts";
import type { Result } from "../report/result.ts";
import { summaryLines } from "../report/summary.ts";
import type { Scenario } from "../scenario/define.ts";
import type { JobFile, System } from "../systems/system.ts";
import { loadTimingProfile } from "../timing/load-profile.ts";
import { nearest } from "../text/nearest.ts";
import { chooseEngine, REPOSITORY } from "./choose-engine.ts";
import { exitCodeOf } from "./exit-code.ts";
import { oneOf, wholeNumber, type RunFlags } from "./options.ts";
import { runOnce } from "./run-once.ts";
import { untilAborted } from "./until-aborted.ts";

export interface CommandWorld {
  readonly system: System;
  readonly scenarios: readonly Scenario[];
  readonly signal: AbortSignal;
  /** Standard output: results. */
  readonly out: (line: string) => void;
  /** Standard error: progress and errors. */
  readonly err: (line: string) => void;
}

/** Spec 5-quality, "Speed": what each engine is measured with. */
const MOST_CONTAINERS = 50;
const MOST_SIMULATED = 10_000;

/** `repro run`: every named scenario, as often as asked. Resolves with the exit code. */
export async function runCommand(
  names: readonly string[],
  flags: RunFlags,
  world: CommandWorld,
): Promise<number> {
  const chosen = chooseScenarios(names, world.scenarios);
  const engineName = oneOf("--engine", flags.engine, ["auto", "docker", "sim"]);
  const format = oneOf("--format", flags.format, ["text", "json"]);
  const profile = loadTimingProfile(flags.timing, flags.set);
  const edges =
    flags.edges === undefined ? undefined : wholeNumber("--edges", flags.edges, 1, MOST_SIMULATED);
  const fix = chooseFix(flags.fix, world.system.fixes);
  const repeat = wholeNumber("--repeat", flags.repeat, 1, 10_000);
  const seed = wholeNumber("--seed", flags.seed, 0, 2 ** 32 - 1);
  const tell = format === "text" ? world.out : () => {};

  // Everything that a person may have got wrong is looked at before anything is started.
  const jobFiles = await readJobFiles(chosen, world.system);
  const { forRun, why } = await chooseEngine(engineName, tell);
  const { name } = forRun(seed);
  if (name === "docker" && edges !== undefined && edges > MOST_CONTAINERS) {
    throw new UsageError(
      `--edges: got "${edges}", accepted on Docker is up to ${MOST_CONTAINERS}; --engine sim takes up to ${MOST_SIMULATED}`,
    );
  }
  await untilAborted(world.signal, forRun(seed).prepare(world.system.images, tell));

  const results: Result[] = [];
  for (let round = 0; round < repeat; round += 1) {
    const engine = forRun(seed + round);
    for (const scenario of chosen) {
      world.signal.throwIfAborted();
      results.push(
        await runOnce({
          scenario,
          engine,
          why,
          system: world.system,
          profile,
          fix,
          edges,
          seed: seed + round,
          jobFiles,
          flags,
          isOnly: repeat * chosen.length === 1,
          signal: world.signal,
          tell,
        }),
      );
    }
  }
  if (format === "json") world.out(JSON.stringify(results.length === 1 ? results[0] : results, null, 2));
  else if (results.length > 1) for (const line of summaryLines(results)) world.out(line);
  return exitCodeOf(results);
}

/** The combination as it was typed. @throws UsageError */
function chooseFix(given: string, known: readonly string[]): string {
  for (const name of given.split("+")) {
    if (!known.includes(name)) {
      throw new UsageError(
        `--fix: there is no "${name}"${nearest(name, known)}; accepted are ${known.join(", ")}, or several joined by +`,
      );
    }
  }
  return given;
}

function chooseScenarios(names: readonly string[], scenarios: readonly Scenario[]): readonly Scenario[] {
  if (names.length === 0) return scenarios.slice(0, 1);
  const ids = scenarios.map((scenario) => scenario.id);
  const named = names
    .filter((name) => name !== "all")
    .map((name) => {
      const found = scenarios.find((scenario) => scenario.id === name);
      if (found !== undefined) return found;
      throw new UsageError(
        `there is no scenario "${name}"${nearest(name, ids)}; accepted are ${ids.join(", ")}, all`,
      );
    });
  return names.includes("all") ? scenarios : named;
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
