import { Command, Option } from "commander";
import { VERSION } from "../model/version.ts";
import { addAboutCommands } from "./about-commands.ts";
import { createCli, type GlobalFlags } from "./cli.ts";
import { addExecutionCommands } from "./execution-commands.ts";
import { addJobCommands } from "./job-commands.ts";
import { addJobFileCommands } from "./job-file-commands.ts";
import { addNodeCommands } from "./node-commands.ts";
import type { CliPorts } from "./ports.ts";
import { addProfileCommands } from "./profile-commands.ts";

/**
 * The command line's grammar. Global flags are taken before, between and after the words of a command.
 * @param argv only a group of commands that is named in it is filled: nothing else leads to its commands
 */
export function createProgram(ports: CliPorts, argv: readonly string[]): Command {
  const program = new Command("expanso-cli");
  // Subcommands inherit these when they are made, so they come first.
  program
    .exitOverride()
    .allowExcessArguments(false)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: ports.out,
      // Told by `runCli`, in one line.
      writeErr: () => {},
      outputError: () => {},
      getOutHelpWidth: () => 100,
      getErrHelpWidth: () => 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  program
    .description(
      "Deploys jobs to edge nodes through an Expanso orchestrator, and shows what becomes of them.",
    )
    .version(VERSION, "-V, --version", "print the version")
    .option("--endpoint <url>", "the orchestrator (env EXPANSO_CLI_ENDPOINT; default http://localhost:9010)")
    .option("--api-key <key>", "the key it wants to see (env EXPANSO_CLI_AUTH_API_KEY)")
    .option("-p, --profile <name>", "use this saved profile (env EXPANSO_CLI_PROFILE)")
    .option(
      "--timeout <duration>",
      "give up on a request after, e.g. 10s (env EXPANSO_CLI_TIMEOUT; default 30s)",
    )
    .option("--insecure", "do not check the orchestrator's certificate")
    .addOption(
      new Option("-f, --format <format>", "how to print").choices(["table", "json", "yaml"]).default("table"),
    )
    .option("--wide", "show more columns, and whole ids")
    .option("--no-style", "no colours (env NO_COLOR)")
    .addHelpText("after", HELP);

  const cli = createCli(ports, () => program.opts<GlobalFlags>());
  for (const { name, description, parts } of GROUPS) {
    const group = program.command(name).description(description);
    if (argv.includes(name)) for (const addCommands of parts) addCommands(group, cli);
  }
  addAboutCommands(program, cli);
  return program;
}

const GROUPS = [
  { name: "node", description: "edge nodes", parts: [addNodeCommands] },
  { name: "job", description: "jobs", parts: [addJobFileCommands, addJobCommands] },
  {
    name: "execution",
    description: "executions: one version of a job on one node",
    parts: [addExecutionCommands],
  },
  { name: "profile", description: "saved endpoints and keys", parts: [addProfileCommands] },
] as const;

const HELP = `
Examples:
  expanso-cli node list                              which nodes are there, are they connected?
  expanso-cli job deploy test-job.yaml               deploy or update a job
  expanso-cli execution list --job test-heartbeat    where does it run?
  expanso-cli job list --format json                 the same facts, for a program
  expanso-cli profile save prod --endpoint https://orchestrator.example:9010 --api-key KEY

A flag wins over the environment, the environment over the profile, the profile over the default.
Nodes, jobs and executions are named by name, by id or by the beginning of an id.

Exit codes: 0 done; 1 refused or failed; 64 wrong usage or input. Errors are one line on standard error.`;
