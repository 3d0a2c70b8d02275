import type { StandingStack } from "../engines/engine.ts";
import { sayDuration } from "../timing/duration.ts";
import { DEFAULT_NAME } from "./choose.ts";

/**
 * Why somebody has to say so before a stack is removed that they have not named: an engine may be shared, and the only
 * stack on it another one's. Undefined: it is the one that is meant where none is named, and was made here.
 */
export function doubtAbout(
  { runId, elsewhere, madeAtMs }: StandingStack,
  at: { readonly isNamed: boolean; readonly nowMs: number },
): string | undefined {
  if (at.isNamed || (runId === DEFAULT_NAME && elsewhere === undefined)) return undefined;
  const since = `${sayDuration(Math.max(0, at.nowMs - madeAtMs))} ago`;
  const where = elsewhere === undefined ? "here" : `on ${elsewhere}`;
  const how = runId === DEFAULT_NAME ? "" : "is not the default one, only the only one: it ";
  return `the stack "${runId}" ${how}was made ${where}, ${since}`;
}
