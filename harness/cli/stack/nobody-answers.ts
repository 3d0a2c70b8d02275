import type { Stack, StandingStack } from "../../engines/engine.ts";
import { EnvironmentError } from "../../errors.ts";
import { commandFor } from "../../standing/choose.ts";
import { isUp, sayState } from "../../standing/repair.ts";
import { ControlError, type System } from "../../systems/system.ts";
import { list } from "../../text/list.ts";
import { untilAborted } from "../../time/until-aborted.ts";

/**
 * After the CLI has failed: if it was refused, that is the answer; if the orchestrator does not answer to anything, there
 * is nobody to ask. One that is started without a broker runs, and does not serve.
 * @throws EnvironmentError naming what is not there, and what mends it.
 */
export async function unlessNobodyAnswers(
  { found, system }: { readonly found: StandingStack; readonly system: System },
  stack: Stack,
  signal: AbortSignal,
): Promise<void> {
  try {
    await untilAborted(signal, system.connect(stack).nodes());
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    throw nobodyAnswers(found, system, error);
  }
}

/** Pure: what is to be said of a stack in that state. */
export function nobodyAnswers(
  { runId, machines }: StandingStack,
  {
    looksLeaveLinesOn: orchestrator,
    brokerMachine: broker,
  }: Pick<System, "looksLeaveLinesOn" | "brokerMachine">,
  cause: ControlError,
): EnvironmentError {
  const down = [broker, orchestrator].flatMap((name) => {
    const machine = machines.find((one) => one.name === name);
    if (machine === undefined) return [`${name} is killed`];
    return isUp(machine) ? [] : [`${name} is ${sayState(machine)}`];
  });
  return new EnvironmentError({
    wanted: `ask the ${orchestrator} of the stack "${runId}"`,
    seen: down.length === 0 ? cause.said || cause.message : `it does not answer; ${list(down)}`,
    mend:
      down.length === 0
        ? `it may still be coming up: ${commandFor(runId, `logs ${orchestrator}`)}`
        : commandFor(runId, "up"),
    cause,
  });
}
