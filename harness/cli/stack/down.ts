import { chooseStack } from "../../standing/choose.ts";
import { EXIT } from "../exit-code.ts";
import { lookAround, notUnderWay, type StackFlags, type StackWorld } from "./open.ts";

/** `repro down`: removes that stack and nothing else, whoever has made it, and whatever state it is in. */
export async function downCommand(flags: StackFlags, world: StackWorld): Promise<number> {
  const { standing, stacks } = await lookAround(flags, world);
  const found = chooseStack(stacks, flags.name);
  notUnderWay(found);
  const stack = await standing.reopen({ runId: found.runId, machines: [], keep: true }, { isHeard: false });
  await stack[Symbol.asyncDispose]();
  world.out(`down: ${found.runId} is removed, with its disks`);
  return EXIT.asExpected;
}
