/** Spec 4-harness: fast, but for what a person needs time for. */
export const A_PERSONS_PACE = { timing: "fast", set: ["disconnectTimeout=5m", "lostTimeout=1h"] } as const;
