/** Spec 4-harness: fast, but for what a person needs time for. */
export const A_PERSONS_PACE = { timing: "fast", set: ["disconnectTimeout=5m", "lostTimeout=1h"] } as const;

/** The same where edges come from elsewhere: two that join have to make it into one batch. */
export const A_CLOUDS_PACE = {
  timing: A_PERSONS_PACE.timing,
  set: ["reevaluationBatch=2s", ...A_PERSONS_PACE.set],
} as const;
