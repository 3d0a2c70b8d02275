import type { StandingStack, StandingStacks } from "../../engines/engine.ts";
import { EnvironmentError } from "../../errors.ts";
import { chooseStack, machinesOf, madeOfIfKnown } from "../../standing/choose.ts";
import { readMemo } from "../../standing/memo.ts";
import { pictureJson, pictureLines, type Picture } from "../../standing/picture.ts";
import { ControlError } from "../../systems/system.ts";
import type { NodeSeen } from "../../vocabulary.ts";
import { standingSystem } from "../choose-system.ts";
import { EXIT } from "../exit-code.ts";
import { oneOf } from "../options.ts";
import { terminalWidth } from "../terminal-width.ts";
import { untilAborted } from "../../time/until-aborted.ts";
import { lookAround, reopen, type Opened, type StackFlags, type StackWorld } from "./open.ts";

export interface PsFlags extends StackFlags {
  readonly format: string;
}

/** `repro ps`: every stack that stands, or the one that is named. */
export async function psCommand(flags: PsFlags, world: StackWorld): Promise<number> {
  const format = oneOf("--format", flags.format, ["text", "json"]);
  const { engine, standing, stacks } = await lookAround(flags, world);
  const chosen = flags.name === undefined ? stacks : [chooseStack(stacks, flags.name)];
  const pictures = await untilAborted(
    world.signal,
    Promise.all(chosen.map((found) => pictureOf(found, standing))),
  );
  if (format === "json") {
    world.out(JSON.stringify(pictures.map(pictureJson), null, 2));
    return EXIT.asExpected;
  }
  if (pictures.length === 0) world.out("no stack stands; start one: repro up");
  for (const [index, picture] of pictures.entries()) {
    if (index > 0) world.out("");
    const at = { nowMs: engine.clock.nowMs() + engine.skewMs, width: terminalWidth() };
    for (const line of pictureLines(picture, at)) world.out(line);
  }
  return EXIT.asExpected;
}

async function pictureOf(found: StandingStack, standing: StandingStacks): Promise<Picture> {
  const memo = readMemo(found.memo);
  const made = madeOfIfKnown(found, standingSystem);
  // The machines of a system that is not known here are not ours to ask.
  if (made === undefined)
    return { stack: found, memo, nodes: undefined, names: found.machines.map(({ name }) => name) };
  const names = machinesOf(found, made).map(({ name }) => name);
  return { stack: found, memo, nodes: await nodesOf({ standing, found, ...made }), names };
}

/** What the orchestrator believes; undefined if it is in no state to say. */
async function nodesOf(opened: Omit<Opened, "engine">): Promise<readonly NodeSeen[] | undefined> {
  const { system } = opened;
  const orchestrator = opened.found.machines.find(({ name }) => name === system.looksLeaveLinesOn);
  if (orchestrator?.state !== "running") return undefined;
  try {
    const stack = await reopen(opened, { isHeard: false });
    return await system.connect(stack).nodes();
  } catch (error) {
    if (error instanceof ControlError || error instanceof EnvironmentError) return undefined;
    throw error;
  }
}
