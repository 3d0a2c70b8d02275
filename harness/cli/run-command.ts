import { UsageError } from "../errors.ts";
import type { Result } from "../report/result.ts";
import { summaryLines } from "../report/summary.ts";
import type { Scenario } from "../scenario/define.ts";
import type { System } from "../systems/system.ts";
import { loadTimingProfile } from "../timing/load-profile.ts";
import { fitted } from "./fitted.ts";
import { chooseEngine, chooseEngineName } from "./choose-engine.ts";
import { exitCodeOf } from "./exit-code.ts";
import {
  chooseAvoid,
  chooseEdges,
  chooseFix,
  chooseScenarios,
  chooseSeed,
  headlineNote,
  onlyApplicable,
  readJobFiles,
} from "./inputs.ts";
import { oneOf, wholeNumber, type RunFlags } from "./options.ts";
import { runOnce } from "./run-once.ts";

export interface CommandWorld {
  readonly system: System;
  readonly scenarios: readonly Scenario[];
  /** The names of all commands: a misspelt one looks like a scenario. */
  readonly commands?: readonly string[];
  readonly signal: AbortSignal;
  /** Names the commands in a text as they were typed; for who does not tell by `out` and `err`, which do so. */
  readonly typed?: (text: string) => string;
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
  const named = await chooseScenarios(names, world.scenarios, world);
  const engineName = chooseEngineName(flags.engine, world.system);
  const format = oneOf("--format", flags.format, ["text", "json"]);
  const tell = format === "text" ? fitted(world.out) : () => {};
  const note = headlineNote(names, world.scenarios, world.system);
  if (note !== undefined) tell(note);
  const profile = loadTimingProfile(flags.timing, flags.set);
  const at = { isAll: names.includes("all"), system: world.system, profile };
  const chosen = onlyApplicable(named, at, (text) => world.err(`repro: ${text}`));
  if (world.system.remote !== undefined && flags.keep === true) {
    throw new UsageError(
      "--keep: edges that are kept would stay in the cloud as well; `docker compose up -d` starts some to look at (docs/compose.md)",
    );
  }
  const edges = chooseEdges(flags.edges, MOST_SIMULATED, chosen);
  const fix = chooseFix(flags.fix, world.system.fixes);
  const avoid = chooseAvoid(flags.avoid);
  const expect =
    flags.expect === undefined ? undefined : oneOf("--expect", flags.expect, ["held", "violated"]);
  const repeat = wholeNumber("--repeat", flags.repeat, 1, 10_000);
  const seed = chooseSeed(flags.seed);

  // Everything that a person may have got wrong is looked at before anything is started.
  const jobFiles = await readJobFiles(chosen, world.system);
  const { forRun, why } = await chooseEngine(engineName, tell, world.system);
  const { name } = forRun(seed);
  if (name === "docker" && edges !== undefined && edges > MOST_CONTAINERS) {
    throw new UsageError(
      `--edges: got "${edges}", accepted on Docker is up to ${MOST_CONTAINERS}; --engine sim takes up to ${MOST_SIMULATED}`,
    );
  }
  if (name === "sim" && flags.keep === true) {
    world.err("repro: --keep is for Docker; a simulation ends with its run, and leaves nothing to keep");
  }
  await forRun(seed).prepare(world.system.images, tell, world.signal);

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
          avoid,
          expect,
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
  else if (results.length > 1) for (const line of summaryLines(results)) tell(line);
  return exitCodeOf(results);
}
