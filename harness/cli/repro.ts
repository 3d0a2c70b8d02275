import chalk from "chalk";
import { Command, CommanderError } from "commander";
import type { Scenario } from "../scenario/define.ts";
import { bundledSystem } from "../systems/bundled/bundled.ts";
import { cleanCommand } from "./clean-command.ts";
import { onDefect } from "./defects.ts";
import { EXIT, errorLines, exitCodeOfError } from "./exit-code.ts";
import { imagesCommand } from "./images-command.ts";
import { onInterruption } from "./interruption.ts";
import { listCommand } from "./list-command.ts";
import type { RunFlags } from "./options.ts";
import { runCommand, type CommandWorld } from "./run-command.ts";

/** The whole command line. Resolves with the exit code; prints everything itself. */
export async function repro(argv: readonly string[], scenarios: readonly Scenario[]): Promise<number> {
  if ((process.env["NO_COLOR"] ?? "") !== "") chalk.level = 0;
  const err = (line: string) => void process.stderr.write(`${line}\n`);
  onDefect(err);
  for (const stream of [process.stdout, process.stderr]) stream.on("error", unlessReaderLeft);
  const world: CommandWorld = {
    system: bundledSystem,
    scenarios,
    signal: onInterruption(err),
    out: (line) => void process.stdout.write(`${line}\n`),
    err,
  };
  let exitCode: number = EXIT.asExpected;
  const program = createProgram(world, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (error) {
    // Commander has said it already: a help that was asked for is 0, everything else is wrong usage.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.asExpected : EXIT.usage;
    for (const line of errorLines(error)) err(line);
    return exitCodeOfError(error);
  }
}

/** Whoever reads along may leave (`| head`): the run goes on to its end all the same, and cleans up. */
function unlessReaderLeft(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

function createProgram(world: CommandWorld, end: (exitCode: number) => void): Command {
  const program = new Command("repro")
    .description(
      "Reproduces, and proves, the lost dispatch that leaves edge jobs in `deploying` for ever:\n" +
        "starts a cluster in containers, kills and recreates edges while jobs are deployed, and judges by what\n" +
        "the orchestrator says, what it logged, and what the message broker recorded.",
    )
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "repro: ")) })
    .showHelpAfterError("(`repro --help` shows what is accepted)")
    .addHelpText("after", EXAMPLES);

  program
    .command("run", { isDefault: true })
    .description("run scenarios (the default): the headline, those that are named, or `all`")
    .argument("[scenario...]", "see `repro list`")
    .option("--engine <name>", "docker, sim, or auto: docker if an engine answers, else sim", "auto")
    .option(
      "--timing <profile>",
      "default, fast, batch-1s, heartbeat-1s, or a YAML file of `knob: duration`",
      "default",
    )
    .option("--set <knob=value...>", "change single knobs of the timing, for example reevaluationBatch=1s")
    .option(
      "--fix <strategies>",
      "switch recovery on: none, block, redispatch, pull, resync, supersede, several joined by +, or recommended",
      "none",
    )
    .option("--edges <n>", "how many edges to start (default: what the scenario needs)")
    .option("--seed <n>", "of the simulation: the same seed gives the same run", "1")
    .option("--repeat <n>", "run everything n times; in simulation each time with the next seed", "1")
    .option("--keep", "leave the containers as they are at the end")
    .option("--out <dir>", "where the report goes (default: .repro/<run>)")
    .option("--format <format>", "text, or json: the result alone", "text")
    .option("-v, --verbose", "every known log line, and what it means")
    .addHelpText("after", EXIT_CODES)
    .action(async (names: string[], flags: RunFlags) => end(await runCommand(names, flags, world)));
  program
    .command("list")
    .description("the scenarios: what each claims, and what is expected of it under each fix")
    .option("--format <format>", "text or json", "text")
    .action((flags: { format: string }) => end(listCommand(flags, world)));
  program
    .command("images")
    .description("build the images now; unchanged ones are skipped")
    .action(async () => end(await imagesCommand(world)));
  program
    .command("clean")
    .description("remove what killed runs left in the engine")
    .option("--all", "also what belongs to runs that still live, or that were kept")
    .action(async (flags: { all?: boolean }) => end(await cleanCommand(flags, world)));
  return program;
}

const EXAMPLES = `
Examples:
  pnpm repro --timing fast                       the bug, in a few seconds
  pnpm repro deploy-all-connected --timing fast  the control: nothing is lost
  pnpm repro all --timing fast --repeat 10       is it the same every time?
  pnpm repro --engine sim                        minutes of default timing in milliseconds
  pnpm repro run --help                          options and exit codes`;

const EXIT_CODES = `
Exit codes:
  0    every verdict, and every loss, as expected
  1    one was not
  2    one could not be told: a fault did not bite, a premise slipped, a run was cut short
  3    the environment: no engine, no image, no disk
  64   wrong usage or input
  70   a defect in the harness itself
  130  interrupted by Ctrl-C (143 by SIGTERM), after cleaning up`;
