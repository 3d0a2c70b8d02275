import type { Engine, Stack, StandingMachine, StandingStack, StandingStacks } from "../../engines/engine.ts";
import { EnvironmentError, UsageError } from "../../errors.ts";
import { chooseStack, commandFor, type Made, machinesOf, madeOf } from "../../standing/choose.ts";
import { isUp, sayState } from "../../standing/repair.ts";
import { standingEngine } from "../choose-engine.ts";
import { standingSystem } from "../choose-system.ts";
import { oneOf } from "../options.ts";
import type { CommandWorld } from "../run-command.ts";

/** What every command about a stack takes; as typed. */
export interface StackFlags {
  readonly name?: string;
  readonly engine: string;
}

/** The world of a command about a stack: the stack says which system it is of. */
export type StackWorld = Omit<CommandWorld, "system">;

/** A stack that stands, and what it is made of. */
export interface Opened extends Made {
  readonly engine: Engine;
  readonly standing: StandingStacks;
  readonly found: StandingStack;
}

/** @throws UsageError for the simulation; there is nothing of it that could be gone on with. */
export function onlyOnDocker({ engine }: Pick<StackFlags, "engine">): void {
  if (oneOf("--engine", engine, ["auto", "docker", "sim"]) !== "sim") return;
  throw new UsageError(
    "--engine sim: a simulation ends with its command, and leaves no stack to go on with; accepted are auto, docker. " +
      "Step by step in simulation: repro walkthrough --engine sim",
  );
}

/** Everything that stands on the engine. @throws EnvironmentError */
export async function lookAround(
  flags: StackFlags,
  { err }: Pick<StackWorld, "err">,
): Promise<{
  readonly engine: Engine;
  readonly standing: StandingStacks;
  readonly stacks: readonly StandingStack[];
}> {
  onlyOnDocker(flags);
  const engine = await standingEngine((line) => err(`repro: ${line}`));
  return { engine, standing: engine.standing, stacks: await engine.standing.find() };
}

/** The one that is meant. @throws UsageError saying which there are; EnvironmentError */
export async function findStack(flags: StackFlags, world: StackWorld): Promise<Opened> {
  const { engine, standing, stacks } = await lookAround(flags, world);
  const found = chooseStack(stacks, flags.name);
  return { engine, standing, found, ...madeOf(found, standingSystem) };
}

/** Its machines, with the verbs for them. */
export async function reopen(
  { standing, found, ...made }: Omit<Opened, "engine">,
  { isHeard }: { readonly isHeard: boolean },
): Promise<Stack> {
  const machines = machinesOf(found, made);
  return await standing.reopen({ runId: found.runId, machines, keep: true }, { isHeard });
}

/** Whoever made it may still be at it; what is done to it then would come in between. @throws UsageError */
export function notUnderWay({ runId, maker }: StandingStack): void {
  if (maker === undefined) return;
  throw new UsageError(
    `process ${maker} is still at work on the stack "${runId}": wait until it has ended; ` +
      `see how far it is: ${commandFor(runId, "ps")}`,
  );
}

/** Who is to be asked has to be there. @throws EnvironmentError saying what mends it */
export function answering(found: StandingStack, name: string): void {
  const machine = found.machines.find((one) => one.name === name) ?? gone(name);
  // Asked inside its own machine: the network is not needed for that.
  if (machine.state === "running") return;
  throw new EnvironmentError({
    wanted: `ask the ${name} of the stack "${found.runId}"`,
    seen: `it is ${sayState(machine)}`,
    mend: commandFor(found.runId, machine.state === "absent" ? `recreate ${name}` : "up"),
  });
}

/** Those that run and can be reached. */
export function upOf({ machines }: StandingStack): ReadonlySet<string> {
  return new Set(machines.filter(isUp).map(({ name }) => name));
}

function gone(name: string): StandingMachine {
  return { name, state: "absent", address: undefined, container: undefined };
}
