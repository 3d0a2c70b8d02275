import chalk from "chalk";
import type { Stack } from "../engines/engine.ts";
import { UsageError } from "../errors.ts";
import type { Result } from "../report/result.ts";
import type { Scenario } from "../scenario/define.ts";
import { commandFor } from "../standing/choose.ts";
import { systemNote } from "../systems/system.ts";
import { nearest } from "../text/nearest.ts";
import { sayDuration } from "../timing/duration.ts";
import { loadTimingProfile } from "../timing/load-profile.ts";
import { comparison, tellClosing } from "../walkthrough/closing.ts";
import { nextFix, sayFix } from "../walkthrough/fixes.ts";
import { Left, type Person } from "../walkthrough/person.ts";
import { chooseEngine, chooseEngineName } from "./choose-engine.ts";
import { exitCodeOf } from "./exit-code.ts";
import {
  chooseAvoid,
  chooseEdges,
  chooseFix,
  chooseScenarios,
  chooseSeed,
  onlyApplicable,
  readJobFiles,
} from "./inputs.ts";
import { A_PERSONS_PACE } from "./persons-pace.ts";
import { replayCommand } from "./replay.ts";
import type { CommandWorld } from "./run-command.ts";
import { createTerminalPerson, isTerminal } from "./terminal.ts";
import { timingOf } from "./judge-once.ts";
import { walkOnce, type Walk } from "./walk-once.ts";

/** As typed. */
export interface WalkthroughFlags {
  readonly engine: string;
  readonly timing?: string;
  readonly set?: readonly string[];
  readonly fix: string;
  readonly avoid?: string;
  readonly edges?: string;
  readonly seed: string;
  readonly out?: string;
  readonly yes?: boolean;
}

/** A person reads along; a table of more than this is no table. */
const MOST_EDGES = 50;

/** `repro walkthrough`: one scenario, step by step, then again under fixes. Resolves with the exit code. */
export async function walkthroughCommand(
  name: string | undefined,
  flags: WalkthroughFlags,
  world: CommandWorld,
): Promise<number> {
  const scenario = await chooseOne(name, world);
  const engineName = chooseEngineName(flags.engine, world.system);
  // A cloud goes at its own pace, whoever looks on.
  const pace = world.system.remote === undefined ? A_PERSONS_PACE : { timing: "default", set: [] };
  const timing = flags.timing ?? pace.timing;
  const set = [...(flags.timing === undefined ? pace.set : []), ...(flags.set ?? [])];
  const profile = loadTimingProfile(timing, set);
  onlyApplicable([scenario], { isAll: false, system: world.system, profile }, () => {});
  const edges = chooseEdges(flags.edges, MOST_EDGES, [scenario]) ?? scenario.edges;
  const firstFix = chooseFix(flags.fix, world.system.fixes);
  const avoid = chooseAvoid(flags.avoid);
  const seed = chooseSeed(flags.seed);
  const isAsked = flags.yes !== true;
  if (isAsked && !isTerminal()) {
    throw new UsageError(
      "walkthrough: there is no terminal to ask in; --yes plays it through as a plain transcript",
    );
  }
  const jobFiles = await readJobFiles([scenario], world.system);
  using person = createTerminalPerson(world.signal, { isAsked, typed: world.typed });
  const { forRun, why } = await chooseEngine(engineName, (line) => person.tell(line), world.system);
  const engine = forRun(seed);
  await engine.prepare(world.system.images, (line) => person.tell(line, 2), world.signal);

  await using stage = createStage();
  const walkUnder = (fix: string): Omit<Walk, "isGuided"> => ({
    person,
    scenario,
    newEngine: () => forRun(seed),
    system: world.system,
    profile,
    fix,
    avoid,
    edges,
    seed,
    jobFiles,
    replay: replayCommand({
      scenario: scenario.id,
      engine: engine.name,
      askedEngine: flags.engine,
      system: world.system.name,
      timing,
      set,
      fix,
      avoid: flags.avoid,
      edges: flags.edges === undefined ? undefined : edges,
      seed,
    }),
    out: flags.out,
    signal: world.signal,
    onStack: stage.enter,
  });
  const facts = [
    `${engine.title} (${why})`,
    ...systemNote(world.system),
    `timing ${profile.name}`,
    `fix ${firstFix}`,
    `seed ${seed}`,
  ];
  tellBeginning(
    person,
    scenario,
    facts,
    timingOf({ profile, scenario, system: world.system }).disconnectTimeout,
    engine.name,
  );

  const results: Result[] = [];
  try {
    for (
      let fix: string | undefined = firstFix;
      fix !== undefined;
      fix = await askForFix(person, results, world)
    ) {
      await stage.clear();
      const isGuided = results.length === 0;
      if (!isGuided) tellAgain(person, fix);
      const closed = await walkOnce({ ...walkUnder(fix), isGuided });
      tellClosing(person, closed, isGuided ? undefined : results[0]);
      results.push(closed.result);
      if (results.length > 1) {
        person.tell("");
        for (const line of comparison(results, person.width)) person.tell(line);
      }
    }
  } catch (error) {
    // Whoever has had enough has asked for nothing that could fail.
    if (!(error instanceof Left)) throw error;
  }
  // The nodes of edges that were in a cloud are deleted there when the run is over: nothing could go on with them.
  if (world.system.remote === undefined) await askWhatToKeep(person, stage);
  return exitCodeOf(results);
}

async function chooseOne(name: string | undefined, { scenarios, system }: CommandWorld): Promise<Scenario> {
  const [scenario] =
    name === "all" ? [] : await chooseScenarios(name === undefined ? [] : [name], scenarios, { system });
  if (scenario !== undefined) return scenario;
  throw new UsageError("walkthrough: one scenario at a time; `repro list` shows them");
}

function tellBeginning(
  person: Person,
  scenario: Scenario,
  facts: readonly string[],
  disconnectMs: number,
  engine: "docker" | "sim",
): void {
  person.tell("");
  person.tell(chalk.bold(scenario.id));
  person.tell(facts.join(" · "));
  person.tell("");
  person.tell(`The claim: ${scenario.claim}`);
  person.tell(
    "Whether that is so will be found out step by step. Whatever is said of a step is checked as it is said: " +
      "`ok`, or NOT SO with what was seen instead.",
  );
  person.tell(
    engine === "sim"
      ? "This is a simulation: time stands still while you think, and you can go back."
      : `These are containers: time goes on while you think. A dead node is noticed after ${sayDuration(disconnectMs)}.`,
  );
}

function tellAgain(person: Person, fix: string): void {
  person.tell("");
  person.tell(chalk.bold(`Again, under fix ${fix}`));
  person.tell(sayFix(fix));
  person.tell("");
}

/** Which fix to repeat it under; undefined for enough. @throws Left */
async function askForFix(
  person: Person,
  results: readonly Result[],
  { system }: CommandWorld,
): Promise<string | undefined> {
  const offered = nextFix(results, system.fixes);
  for (;;) {
    const answer = await person.ask(
      `Enter: ${offered ?? "enough"} · a fix · q quit`,
      `Repeat it under a fix? ${system.fixes.join(", ")}, or several joined by +`,
    );
    if (answer === undefined || answer === "q" || answer === "quit") throw new Left();
    if (answer === "") return offered;
    try {
      return chooseFix(answer, system.fixes);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      person.tell(`  there is no fix "${answer}"${nearest(answer, system.fixes)}`, 2);
    }
  }
}

/** What stands on the engine at this moment. */
interface Stage extends AsyncDisposable {
  readonly enter: (stack: Stack, runId: string) => void;
  /** Removes it. */
  readonly clear: () => Promise<void>;
  /** Leaves it for good, and tells its run; undefined if there is nothing that could be left. */
  readonly leave: () => Promise<string | undefined>;
  readonly canBeLeft: () => boolean;
}

function createStage(): Stage {
  let standing: { readonly stack: Stack; readonly runId: string } | undefined;
  const clear = async () => {
    const gone = standing;
    standing = undefined;
    await gone?.stack[Symbol.asyncDispose]();
  };
  return {
    enter: (stack, runId) => {
      // A simulation is removed by the run itself.
      standing = stack.keep === undefined ? undefined : { stack, runId };
    },
    clear,
    canBeLeft: () => standing !== undefined,
    leave: async () => {
      await standing?.stack.keep?.();
      const left = standing;
      standing = undefined;
      return left?.runId;
    },
    [Symbol.asyncDispose]: clear,
  };
}

async function askWhatToKeep(person: Person, stage: Stage): Promise<void> {
  if (!stage.canBeLeft()) return;
  const answer = await person.ask(
    "Enter: remove them · k keep them, to look around",
    "The containers are still there.",
  );
  if (answer !== "k" && answer !== "keep") {
    await stage.clear();
    person.tell("  Everything that was started is removed.", 2);
    return;
  }
  const runId = (await stage.leave()) ?? "";
  person.tell("  Kept, for you to go on with by hand. For example:", 2);
  for (const words of ["ps", "cli execution list", "logs --follow"])
    person.tell(`    pnpm ${commandFor(runId, words)}`, 6);
  person.tell("  They carry the label", 2);
  person.tell(`    io.expanso.repro.run=${runId}`, 6);
  person.tell("  and nobody else removes them. You do:", 2);
  person.tell(`    pnpm ${commandFor(runId, "down")}`, 6);
}
