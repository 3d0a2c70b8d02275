import { UsageError } from "../../errors.ts";
import { chooseStack } from "../../standing/choose.ts";
import { readMemo } from "../../standing/memo.ts";
import { doubtAbout } from "../../standing/removal.ts";
import { EXIT } from "../exit-code.ts";
import { createTerminalPerson, isTerminal } from "../terminal.ts";
import { lookAround, notUnderWay, type StackFlags, type StackWorld } from "./open.ts";

export interface DownFlags extends StackFlags {
  readonly yes?: boolean;
}

/** `repro down`: removes that stack and nothing else, whatever state it is in; somebody else's only if that is said. */
export async function downCommand(flags: DownFlags, world: StackWorld): Promise<number> {
  const { engine, standing, stacks } = await lookAround(flags, world);
  const found = chooseStack(stacks, flags.name);
  notUnderWay(found);
  const nowMs = engine.clock.nowMs() + engine.skewMs;
  const doubt = doubtAbout(found, { nowMs, isNamed: flags.name !== undefined });
  if (doubt !== undefined && flags.yes !== true && !(await isMeant(doubt, found.runId, world))) {
    world.out("down: nothing is removed");
    return EXIT.asExpected;
  }
  const stack = await standing.reopen({ runId: found.runId, machines: [], keep: true }, { isHeard: false });
  await stack[Symbol.asyncDispose]();
  world.out(`down: ${found.runId} is removed, with its disks`);
  if (readMemo(found.memo)?.shape.published === true)
    world.out("  what --as-cloud wrote leads nowhere now: remove that file");
  return EXIT.asExpected;
}

/** @throws UsageError where there is nobody to ask. */
async function isMeant(doubt: string, name: string, { signal }: StackWorld): Promise<boolean> {
  if (!isTerminal()) {
    throw new UsageError(`${doubt}; if it is the one that is meant: repro down --name ${name}, or --yes`);
  }
  using person = createTerminalPerson(signal, { isAsked: true });
  person.tell(`Of ${doubt}.`);
  const answer = await person.ask("remove it, with its disks? y · Enter: no");
  return answer === "y" || answer === "yes";
}
