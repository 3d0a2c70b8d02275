import type { Command } from "commander";
import type { FaultVerb } from "../../standing/faults.ts";
import { Interrupted } from "../exit-code.ts";
import { knowledge } from "../../systems/expanso/knowledge.ts";
import { SYSTEM_MEANS } from "../help.ts";
import { oneMoreSetting } from "../options.ts";
import { cliCommand } from "./cli.ts";
import { deployCommand, type DeployFlags } from "./deploy.ts";
import { downCommand, type DownFlags } from "./down.ts";
import { faultCommand, type FaultFlags } from "./fault.ts";
import { CLI_HELP, DEPLOY_HELP, DOWN_HELP, faultHelp, logsHelp, PS_HELP, UP_HELP } from "./help.ts";
import { logsCommand, type LogsFlags } from "./logs.ts";
import type { StackFlags, StackWorld } from "./open.ts";
import { psCommand, type PsFlags } from "./ps.ts";
import { upCommand, type UpFlags } from "./up.ts";

/** In the order in which somebody would come to need them. */
const FAULTS: Readonly<Record<FaultVerb, string>> = {
  kill: "kill and remove machines (docker rm -f); their disks stay",
  recreate: "new machines in the places of killed ones",
  cut: "take machines off the network; processes and connections stay, nothing gets through",
  heal: "put machines back on the network, under the addresses that they had",
  pause: "freeze machines: nothing is lost, nothing answers",
  resume: "thaw paused machines",
  restart: "stop machines and start them again, on the same disks",
};

const OTHERS = ["down", "ps", "logs", "cli", "deploy"];

/** Whether a command only goes on with a stack: it leaves that as it is when it is interrupted. */
export function startsNothing(argv: readonly string[]): boolean {
  const [word = ""] = argv;
  return Object.hasOwn(FAULTS, word) || OTHERS.includes(word);
}

/** The stack by hand: commands that start one, break it, and look at it, each a process of its own. */
export function addStackCommands(program: Command, world: StackWorld, end: (exitCode: number) => void): void {
  const add = (name: string, about: string) =>
    program
      .command(name)
      .description(about)
      .option("--name <name>", "which stack (default: the one called default, or the only one)")
      .option("--engine <name>", "docker; the simulation has no stacks that stand", "docker");
  /** What an interruption leaves is told as it is here, and not as it is for a run. */
  const unhurried = async (work: Promise<number>) => end(await orInterrupted(work));

  program.commandsGroup("A stack by hand:");
  add("up", "start a stack that stays, or make one that stands whole again")
    .option("--edges <n>", "how many edges (default: 2)")
    .option(
      "--timing <profile>",
      "as for `run` (default: fast, but with disconnectTimeout=5m and lostTimeout=1h: a person needs time)",
    )
    .option("--set <knob=value...>", "change single knobs of the timing", oneMoreSetting)
    .option("--fix <strategies>", "as for `run` (default: none)")
    .option("--avoid <rule>", "as for `run`")
    .option(
      "--as-cloud <file>",
      "without edges, and to be reached from other networks: a cloud for --system cloud; FILE gets what .env wants",
    )
    .option("--system <name>", `${SYSTEM_MEANS} (default: bundled)`)
    .addHelpText("after", UP_HELP)
    .action(async (flags: UpFlags) => end(await upCommand(flags, world)));
  add("deploy", "check a job file, and deploy it through the orchestrator's CLI")
    .argument("<file>", "a path, a name in pipelines/, or - for standard input")
    .option("--force", "also where nothing has changed")
    .addHelpText("after", DEPLOY_HELP)
    .action((file: string, flags: DeployFlags) => unhurried(deployCommand(file, flags, world)));
  for (const [verb, about] of Object.entries(FAULTS) as [FaultVerb, string][]) {
    const command = add(verb, about).argument(
      "<machine...>",
      "edge1, edge2 …, orchestrator, nats, or edges for all of them",
    );
    if (verb === "recreate")
      command.option("--identity <which>", "kept: as it was; new: an empty disk; wiped: only its id", "kept");
    command
      .addHelpText("after", faultHelp(verb))
      .action((machines: string[], flags: FaultFlags) =>
        unhurried(faultCommand(verb, machines, flags, world)),
      );
  }
  add("cli", "expanso-cli inside the orchestrator's container; everything after it is handed on")
    .argument("[word...]", "what expanso-cli is to get")
    .usage("[--name NAME] [--] WORD…")
    .passThroughOptions()
    .allowUnknownOption()
    .addHelpText("after", CLI_HELP)
    .action((words: string[], flags: StackFlags) => unhurried(cliCommand(words, flags, world)));
  add("logs", "what the machines print, the known lines marked and explained")
    .argument("[machine...]", "edge1, edge2 …, orchestrator, nats, or edges for all of them (default: all)")
    .option("-f, --follow", "go on until Ctrl-C, also with machines that are recreated")
    .option("--grep <pattern>", "only such lines: the name of a known line, or a regular expression")
    .option("--since <when>", "a duration (5m) or a moment (2026-11-22T05:14:00Z)")
    .addHelpText("after", () => logsHelp(knowledge.patterns))
    .action((machines: string[], flags: LogsFlags) => unhurried(logsCommand(machines, flags, world)));
  add("ps", "the stacks that stand: their machines, and what the orchestrator believes of them")
    .option("--format <format>", "text or json", "text")
    .addHelpText("after", PS_HELP)
    .action((flags: PsFlags) => unhurried(psCommand(flags, world)));
  add("down", "remove a stack, with its disks")
    .option("--yes", "do not ask, also where the only stack has not been named, or was made elsewhere")
    .addHelpText("after", DOWN_HELP)
    .action((flags: DownFlags) => unhurried(downCommand(flags, world)));

  async function orInterrupted(work: Promise<number>): Promise<number> {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      world.err(`repro: ${error.message}; the stack is left as it is`);
      return error.exitCode;
    }
  }
}
