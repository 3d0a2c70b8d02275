import { CommanderError } from "commander";
import { createProgram } from "./program.ts";
import { CliError, describeError, JobFileError } from "./cli-error.ts";
import type { CliPorts } from "./ports.ts";

/**
 * `expanso-cli` (spec 2-contract, "CLI"). Never throws; touches nothing but its ports.
 * @param argv the arguments behind the program's name
 * @returns the exit code: 0, 1 refused or failed, 64 wrong usage or input, 70 a defect of the CLI itself
 */
export async function runCli(argv: readonly string[], ports: CliPorts): Promise<number> {
  const program = createProgram(ports, argv);
  try {
    await program.parseAsync(argv, { from: "user" });
    return 0;
  } catch (error) {
    // Asked for help or the version: both are printed by now.
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    if (error instanceof CommanderError) {
      ports.err(`expanso-cli: ${usageMessage(error, argv)}\n`);
      return 64;
    }
    if (error instanceof JobFileError) {
      ports.err(`${error.message}\n`);
      return error.exitCode;
    }
    if (error instanceof CliError) {
      ports.err(`expanso-cli: ${oneLine(error.message)}\n`);
      return error.exitCode;
    }
    const suspects = "a defect of expanso-cli, or an answer unlike an Expanso orchestrator's";
    ports.err(`expanso-cli: ${oneLine(describeError(error))} (${suspects}; please report it)\n`);
    return 70;
  }

  function usageMessage(error: CommanderError, words: readonly string[]): string {
    const command = namedCommand(words);
    const path = ["expanso-cli", ...command.path].join(" ");
    // Commander answers a missing subcommand with the whole help, and no word of what is missing.
    const message =
      error.code === "commander.help"
        ? `say what to do: ${command.choices.join(", ")}`
        : oneLine(error.message).replace(/^error: /, "");
    return `${message} (see ${path} --help)`;
  }

  /** The command that the arguments name, as far as they name one. */
  function namedCommand(words: readonly string[]): { readonly path: string[]; readonly choices: string[] } {
    let current = program;
    const path: string[] = [];
    for (const word of words) {
      const next = current.commands.find((c) => c.name() === word || c.aliases().includes(word));
      if (next === undefined) continue;
      path.push(next.name());
      current = next;
    }
    return { path, choices: current.commands.map((command) => command.name()) };
  }
}

/** A message of another's making may have line breaks and control characters; a line on standard error has none. */
function oneLine(text: string): string {
  return text
    .replaceAll(/\s*\n\s*/g, " ")
    .replaceAll(/\p{Cc}/gu, "�")
    .trim();
}
