import chalk from "chalk";
import { Command, CommanderError } from "commander";
import type { Scenario } from "../scenario/define.ts";
import { asTyped, calledAs, USUAL } from "./called-as.ts";
import { REPOSITORY } from "./choose-engine.ts";
import { chooseSystem, systemName } from "./choose-system.ts";
import { claimFolder } from "./claim-folder.ts";
import { type CleanFlags, cleanCommand } from "./clean-command.ts";
import { onDefect } from "./defects.ts";
import { doctorCommand, type DoctorFlags } from "./doctor-command.ts";
import { EXIT, errorLines, exitCodeForBisect, exitCodeOfError } from "./exit-code.ts";
import {
  CLEAN_HELP,
  DOCTOR_HELP,
  EXAMPLES,
  EXIT_CODES,
  MATRIX_HELP,
  SYSTEM_MEANS,
  SWEEP_HELP,
  WALKTHROUGH_HELP,
} from "./help.ts";
import { imagesCommand } from "./images-command.ts";
import { matrixCommand, type MatrixFlags } from "./matrix-command.ts";
import { mergeCommand, type MergeFlags } from "./merge-command.ts";
import { onInterruption } from "./interruption.ts";
import { listCommand } from "./list-command.ts";
import { oneMoreSetting, type RunFlags } from "./options.ts";
import { watchOutput } from "./output.ts";
import { sweepCommand, type SweepFlags } from "./sweep-command.ts";
import { runCommand, type CommandWorld } from "./run-command.ts";
import { addStackCommands, startsNothing } from "./stack/commands.ts";
import { isTerminal } from "./terminal.ts";
import { versionLine } from "./version.ts";
import { walkthroughCommand, type WalkthroughFlags } from "./walkthrough-command.ts";

/** The whole command line. Resolves with the exit code; prints everything itself. */
export async function repro(argv: readonly string[], scenarios: readonly Scenario[]): Promise<number> {
  if ((process.env["NO_COLOR"] ?? "") !== "") chalk.level = 0;
  // What is told to people; what is for programs, or for other people, stays as it is.
  let typed = (text: string) => text;
  let isForPeople = true;
  const err = (line: string) => void process.stderr.write(`${typed(line)}\n`);
  // Read by hand: at a commit that does not know an option, that too has to skip the commit.
  const exitAs = argv.includes("--bisect") ? exitCodeForBisect : (code: number) => code;
  onDefect(err, exitAs);
  const { signal, end } = onInterruption(err, {
    cleansUp: !startsNothing(argv),
    isElsewhere: /(?:^| )--system[ =]cloud(?: |$)/.test(argv.join(" ")),
  });
  const output = watchOutput(end);
  const world: Omit<CommandWorld, "system"> = {
    scenarios,
    signal,
    typed: (line) => typed(line),
    out: (line) => void process.stdout.write(`${isForPeople ? typed(line) : line}\n`),
    err,
  };
  let exitCode: number = EXIT.asExpected;
  using claims = new DisposableStack();
  const program = createProgram(world, (code) => {
    exitCode = code;
  });
  const called = calledAs(process.env);
  typed = asTyped(called, [...program.commands.map((command) => command.name()), "--help"]);
  if (called !== undefined && called !== USUAL)
    program.addHelpText("afterAll", `\nHere \`${USUAL}\` is: ${called}`);
  program.hook("preAction", async (_program, command) => {
    const { out, format = "text" } = command.opts<{ readonly out?: string; readonly format?: string }>();
    isForPeople = format === "text" && command.name() !== "logs";
    if (out !== undefined && out !== "") claims.use(await claimFolder(out));
  });
  // Whoever types nothing but the name wants to be shown.
  const words = argv.length === 0 && isTerminal() ? ["walkthrough"] : argv;
  try {
    await program.parseAsync([...words], { from: "user" }).catch((error: unknown) => {
      if (!(error instanceof CommanderError)) throw error;
      // It has said it already: a help that was asked for is no failure, everything else is wrong usage.
      exitCode = error.exitCode === 0 ? EXIT.asExpected : EXIT.usage;
    });
    await written(process.stdout);
    output.throwIfBroken();
    return exitAs(exitCode);
  } catch (error) {
    for (const line of errorLines(error)) err(line);
    return exitAs(exitCodeOfError(error));
  }
}

/** A pipe takes 64 KB at once; the process must not end before its reader has had the rest, unless he has left. */
function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => void stream.write("", () => resolve()));
}

const AVOID =
  "whose pending executions keep a node from being used: any-job, or same-job (default: any-job, as seed 002 describes)";

/** As typed. */
interface WithSystem {
  readonly system?: string;
}

const SYSTEM = ["--system <name>", `${SYSTEM_MEANS} (default: bundled)`] as const;

function createProgram(base: Omit<CommandWorld, "system">, end: (exitCode: number) => void): Command {
  const worldOf = async (flags: WithSystem): Promise<CommandWorld> => ({
    ...base,
    system: await chooseSystem(flags.system, (text) => base.err(`repro: ${text}`)),
  });
  const program = new Command("repro")
    .description(
      "Reproduces, and proves, the lost dispatch that leaves edge jobs in `deploying` for ever:\n" +
        "starts a cluster in containers, kills and recreates edges while jobs are deployed, and judges by what\n" +
        "the orchestrator says, what it logged, and what the message broker recorded.",
    )
    .option("--version", "of this program, the commit, and the Node that it runs on")
    .on("option:version", () => {
      const version = versionLine(REPOSITORY);
      base.out(version);
      throw new CommanderError(EXIT.asExpected, "commander.version", version);
    })
    // So that `repro cli` can hand on what follows it.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, "repro: ")),
      writeErr: (text) => void process.stderr.write(base.typed?.(text) ?? text),
    })
    .showHelpAfterError("(`repro --help` shows what is accepted)")
    .addHelpText("after", EXAMPLES);

  program
    .command("run", { isDefault: true })
    .description("run scenarios (the default): the headline, those that are named, or `all`")
    .argument("[scenario...]", "see `repro list`")
    .option(...SYSTEM)
    .option("--engine <name>", "docker, sim, or auto: docker if an engine answers, else sim", "auto")
    .option(
      "--timing <profile>",
      "default, fast, batch-1s, heartbeat-1s, or a YAML file of `knob: duration`",
      "default",
    )
    .option(
      "--set <knob=value...>",
      "change single knobs of the timing, for example reevaluationBatch=1s",
      oneMoreSetting,
    )
    .option(
      "--fix <strategies>",
      "switch recovery on: none, block, redispatch, pull, resync, supersede, several joined by +, or recommended",
      "none",
    )
    .option("--avoid <rule>", AVOID)
    .option("--edges <n>", "how many edges to start (default: what the scenario needs)")
    .option("--seed <n>", "of the simulation: the same seed gives the same run", "1")
    .option("--repeat <n>", "run everything n times; in simulation each time with the next seed", "1")
    .option("--expect <verdict>", "held or violated: whatever the scenario itself expects")
    .option("--bisect", "end as `git bisect run` wants it: 0 as expected, 1 not, 125 could not tell")
    .option("--keep", "leave the containers as they are at the end")
    .option("--out <dir>", "where the report goes (default: .repro/<run>)")
    .option("--format <format>", "text, or json: the result alone", "text")
    .option("-v, --verbose", "every known log line, and what it means")
    .addHelpText("after", EXIT_CODES)
    .action(async (names: string[], flags: RunFlags & WithSystem) => {
      const commands = program.commands.map((command) => command.name());
      end(await runCommand(names, flags, { ...(await worldOf(flags)), commands }));
    });
  program
    .command("walkthrough")
    .description("one scenario step by step, explained; `repro` alone in a terminal is this")
    .argument("[scenario]", "see `repro list`; the headline unless told")
    .option("--yes", "do not ask: play it through as a plain transcript")
    .option(...SYSTEM)
    .option("--engine <name>", "docker, sim, or auto: docker if an engine answers, else sim", "auto")
    .option(
      "--timing <profile>",
      "as for `run` (default: fast, but with disconnectTimeout=5m and lostTimeout=1h: a person needs time)",
    )
    .option("--set <knob=value...>", "change single knobs of the timing", oneMoreSetting)
    .option("--fix <strategies>", "the recovery of the first run", "none")
    .option("--avoid <rule>", AVOID)
    .option("--edges <n>", "how many edges to start (default: what the scenario needs)")
    .option("--seed <n>", "of the simulation: the same seed gives the same run", "1")
    .option("--out <dir>", "where the reports go, one folder for each fix (default: .repro/<run>)")
    .addHelpText("after", WALKTHROUGH_HELP + EXIT_CODES)
    .action(async (name: string | undefined, flags: WalkthroughFlags & WithSystem) =>
      end(await walkthroughCommand(name, flags, await worldOf(flags))),
    );
  program
    .command("matrix")
    .description("scenarios × fixes × timings, in a table: which fix cures what")
    .option(...SYSTEM)
    .option("--only <text...>", "only cells like this: a part of a scenario's id, fix=NAME, timing=NAME")
    .option("--fix <list>", "the columns (default: none,block,redispatch,pull,resync,recommended)")
    .option(
      "--timing <list>",
      "one table each: profiles or files (default: default,fast; on Docker see below)",
    )
    .option(
      "--set <knob=value...>",
      "change single knobs of every timing, for example reevaluationBatch=1s",
      oneMoreSetting,
    )
    .option("--avoid <rule>", AVOID)
    .option("--shard <i/n>", "only the i-th of n parts; together they are the whole matrix")
    .option("--engine <name>", "docker, sim, or auto: docker if an engine answers, else sim", "auto")
    .option("--jobs <n>", "how many runs at once on Docker (default: 2)")
    .option("--seed <n>", "of the simulation, the same for every cell", "1")
    .option("--out <dir>", "where the report goes (default: .repro/<run>)")
    .option("--format <format>", "text, json, or markdown: the report alone", "text")
    .addHelpText("after", MATRIX_HELP + EXIT_CODES)
    .action(async (flags: MatrixFlags & WithSystem) => end(await matrixCommand(flags, await worldOf(flags))));
  program
    .command("merge")
    .description("one table of several matrix reports: shards, rounds, engines")
    .argument("<folder...>", "reports of `repro matrix`, or folders that have some in them")
    .option("--out <dir>", "where the report goes (default: .repro/<run>)")
    .option("--format <format>", "text, json, or markdown: the report alone", "text")
    .addHelpText("after", EXIT_CODES)
    .action(async (folders: string[], flags: MergeFlags) =>
      end(mergeCommand(folders, flags, await worldOf({ system: "bundled" }))),
    );
  program
    .command("sweep")
    .description("the loss window: one deployment at every offset around a node's absence")
    .option(...SYSTEM)
    .option(
      "--from <offset>",
      "the first, counted from the kill (default: well before it, -10s in default timing)",
    )
    .option("--to <offset>", "the last (default: well after the node is back)")
    .option("--step <duration>", "from one to the next (default: 40 steps, on Docker 10)")
    .option("--precision <duration>", "how close boundaries are found (default: 100ms, on Docker 200ms)")
    .option("--timing <profile>", "default, fast, batch-1s, heartbeat-1s, or a YAML file", "default")
    .option(
      "--set <knob=value...>",
      "change single knobs of the timing, for example disconnectTimeout=1m",
      oneMoreSetting,
    )
    .option(
      "--fix <strategies>",
      "a recovery strategy, or several joined by +: which part of the window it closes",
      "none",
    )
    .option("--engine <name>", "docker, sim, or auto: docker if an engine answers, else sim", "auto")
    .option("--jobs <n>", "how many runs at once on Docker (default: 2)")
    .option("--seed <n>", "of the simulation, the same for every offset", "1")
    .option("--out <dir>", "where the report goes (default: .repro/<run>)")
    .option("--format <format>", "text, or json: the data alone", "text")
    .addHelpText("after", SWEEP_HELP + EXIT_CODES)
    .action(async (flags: SweepFlags & WithSystem) => end(await sweepCommand(flags, await worldOf(flags))));
  program
    .command("list")
    .description("the scenarios: what each claims, and what is expected of it under each fix")
    .option(...SYSTEM)
    .option("--format <format>", "text or json", "text")
    .action((flags: { format: string } & WithSystem) => {
      const system = systemName(flags.system ?? "bundled");
      end(listCommand({ ...flags, isCloud: system === "cloud" }, base));
    });
  program
    .command("images")
    .description("build the images now; unchanged ones are skipped")
    .option(...SYSTEM)
    .action(async (flags: WithSystem) => end(await imagesCommand(await worldOf(flags))));
  program
    .command("clean")
    .description("remove what killed runs left in the engine")
    .option("--all", "also what belongs to runs that still live, or that were kept")
    .option("--dry-run", "only show what it would remove, what not, and why")
    .addHelpText("after", CLEAN_HELP)
    .action(async (flags: CleanFlags) => end(await cleanCommand(flags, base)));
  program
    .command("doctor")
    .description("what is missing or in the way here, why it matters, and the command that mends it")
    .option("--engine <name>", "docker: it is a failure if none answers; sim: ask for none; auto", "auto")
    .option("--format <format>", "text, or json: the findings alone", "text")
    .option("-v, --verbose", "of everything, also of what is fine: what was asked, and why it matters")
    .addHelpText("after", DOCTOR_HELP)
    .action(async (flags: DoctorFlags) =>
      end(await doctorCommand(flags, await worldOf({ system: "bundled" }))),
    );
  addStackCommands(program, base, end);
  return program;
}
