import type { Strategy } from "./recovery.ts";

/**
 * Ours, for L8: a node that comes under a new id retires the old id of the same name, so that nothing waits for
 * a ghost. Where two living nodes share a name, they would retire each other in turn.
 */
export const supersede: Strategy = { supersedes: true };
