import { inspect } from "node:util";
import { AmbientAccessError } from "../engines/sim/time/ambient-guard.ts";
import { UsageError } from "../errors.ts";
import type { Scenario, ScenarioContext } from "../scenario/define.ts";
import { RunAborted } from "../scenario/run-aborted.ts";
import { asMistakeIn, mistakeAt, type OwnFile } from "./mistake-in-file.ts";
import { watchCalls } from "./watch-calls.ts";

/**
 * Runs a scenario that nobody has checked.
 * @throws UsageError with the place for whatever its author can mend; everything else as it is.
 */
export async function runOwn(scenario: Scenario, told: ScenarioContext, own: OwnFile): Promise<void> {
  const calls = watchCalls(told);
  try {
    await scenario.run(calls.context);
  } catch (error) {
    throw mistakeOf(error, calls, own);
  }
  const forgotten = calls.unasked();
  if (forgotten !== undefined) throw mistakeAt(own, forgotten, sayForgotten(forgotten.verb));
  const late = calls.goesOn();
  if (late === undefined) return;
  const what = `${late.verb}() still goes on at the end: write \`await\` before what it is part of`;
  throw mistakeAt(own, late, what);
}

function mistakeOf(error: unknown, calls: ReturnType<typeof watchCalls>, own: OwnFile): unknown {
  if (!(error instanceof Error)) {
    return new UsageError(`${own.path}: it threw ${inspect(error)}; of an Error the place would be known`);
  }
  const forgotten = calls.unasked();
  // What goes on beside the verb that failed is likely to be why it did.
  if (forgotten !== undefined && isOfTheirs(error))
    return mistakeAt(own, forgotten, `${sayForgotten(forgotten.verb)}; then: ${error.message}`, error);
  const failed = calls.failedBy(error);
  if (failed !== undefined && error instanceof UsageError)
    return mistakeAt(own, failed, error.message, error);
  // A compiler would have told them.
  if (failed !== undefined && error instanceof TypeError)
    return mistakeAt(
      own,
      failed,
      `${failed.verb}() was given what it does not take: ${error.message}`,
      error,
    );
  if (error instanceof AmbientAccessError)
    return mistakeAt(own, error, `${error.message}; what is to happen is waited for by until(…)`, error);
  return asMistakeIn(own, error);
}

/** Not what the engine, or whoever interrupts, has to say. */
function isOfTheirs(error: Error): boolean {
  return error instanceof UsageError || error instanceof TypeError || error instanceof RunAborted;
}

function sayForgotten(verb: string): string {
  return `${verb}() is not waited for: write \`await\` before it`;
}
