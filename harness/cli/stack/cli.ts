import { untilAborted } from "../../time/until-aborted.ts";
import { unlessNobodyAnswers } from "./nobody-answers.ts";
import { answering, findStack, reopen, type StackFlags, type StackWorld } from "./open.ts";
import { readStdin } from "./stdin.ts";

/** `repro cli …`: the system's own CLI, as it is inside; its words, its outputs, its exit code. */
export async function cliCommand(
  words: readonly string[],
  flags: StackFlags,
  world: StackWorld,
): Promise<number> {
  const opened = await findStack(flags, world);
  const { looksLeaveLinesOn: orchestrator, cli } = opened.system;
  answering(opened.found, orchestrator);
  const stack = await reopen(opened, { isHeard: false });
  // Only where it is asked for: what is not read is not waited for.
  const stdin = words.includes("-") ? { stdin: await untilAborted(world.signal, readStdin()) } : {};
  const running = stack.machine(orchestrator).exec([cli, ...words], stdin);
  const { exitCode, stdout, stderr } = await untilAborted(world.signal, running);
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  // What it said stands; why it did, and what mends that, it cannot know.
  if (exitCode !== 0) await unlessNobodyAnswers(opened, stack, world.signal);
  return exitCode;
}
