import { expect, it } from "vitest";
import { loadTimingProfile } from "./load-profile.ts";
import { sayTiming } from "./say-timing.ts";

it.each([
  ["default", [], "default"],
  ["fast", [], "fast"],
  ["fast", ["disconnectTimeout=5m", "lostTimeout=1h"], "fast disconnectTimeout=5m lostTimeout=1h"],
  ["default", ["reevaluationBatch=1s"], "batch-1s"],
  ["batch-1s", ["heartbeat=2s"], "batch-1s heartbeat=2s"],
])("%s with %j is told as it would be asked for", (name, set, told) => {
  expect(sayTiming(loadTimingProfile(name, set).timing)).toBe(told);
});
