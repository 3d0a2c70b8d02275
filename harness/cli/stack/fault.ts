import { UsageError } from "../../errors.ts";
import { RunAborted } from "../../scenario/run-aborted.ts";
import { checkGone, chooseMachines, machinesOf } from "../../standing/choose.ts";
import { inflictByHand, type FaultVerb } from "../../standing/faults.ts";
import { isEdge } from "../../systems/system.ts";
import { EXIT } from "../exit-code.ts";
import { oneOf } from "../options.ts";
import { untilAborted } from "../../time/until-aborted.ts";
import { findStack, notUnderWay, reopen, upOf, type StackFlags, type StackWorld } from "./open.ts";
import { tellingState } from "./state.ts";

export interface FaultFlags extends StackFlags {
  readonly identity?: string;
}

/** `repro kill`, `recreate`, `cut` …: what scenarios do, with the same proof; 2 if it did not bite. */
export async function faultCommand(
  verb: FaultVerb,
  names: readonly string[],
  flags: FaultFlags,
  world: StackWorld,
): Promise<number> {
  const identity = oneOf("--identity", flags.identity ?? "kept", ["kept", "new", "wiped"]);
  const opened = await findStack(flags, world);
  const { engine, found, memo, system } = opened;
  const known = machinesOf(found, opened).map(({ name }) => name);
  const machines = chooseMachines(names, known, system);
  const servers = machines.filter((name) => !isEdge(system)(name));
  if (identity !== "kept" && servers.length > 0) {
    throw new UsageError(`--identity ${identity}: only edges have one, ${servers.join(", ")} has not`);
  }
  notUnderWay(found);
  if (verb === "recreate") checkGone(machines, found);
  const stack = await reopen(opened, { isHeard: true });
  const state = tellingState({ engine, stack, timing: memo.shape.timing }, { ...world, system });
  try {
    const deed = { verb, machines, identity, up: upOf(found) };
    await untilAborted(world.signal, inflictByHand(state, deed));
    return EXIT.asExpected;
  } catch (error) {
    if (!(error instanceof RunAborted)) throw error;
    world.err(`repro: ${error.message}`);
    return EXIT.unknown;
  }
}
