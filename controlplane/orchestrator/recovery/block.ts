import type { Strategy } from "./recovery.ts";

/**
 * Approach A of seed 002, `RetryStrategyBlock`: the dispatcher retries an event until its message could be sent.
 * It does not help where sending raises no error (L1), and one node that never returns holds up all others.
 */
export const block: Strategy = { dispatchFailure: "block" };
