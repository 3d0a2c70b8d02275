import { describe, expect, it } from "vitest";
import { PROFILES, type Timing } from "../timing/profile.ts";
import { returnOffsetMs } from "./sweep-point.ts";

const FAST = PROFILES["fast"]?.timing as Timing;

describe("the edge is brought back", () => {
  it.each([
    ["default", 360_000],
    ["fast", 5_000],
    ["heartbeat-1s", 360_000],
  ])("in %s timing %i ms after the kill, when it is known to be gone", (name, ms) => {
    const timing = PROFILES[name]?.timing as Timing;
    expect(returnOffsetMs(timing)).toBe(ms);
    const noticedByMs = timing.disconnectTimeout + timing.housekeeping;
    expect(ms).toBeGreaterThan(noticedByMs);
    expect(ms).toBeLessThan(timing.disconnectTimeout - timing.heartbeat + timing.lostTimeout);
  });

  it("never, if it could count as lost by then", () => {
    expect(returnOffsetMs({ ...FAST, lostTimeout: 5_000 })).toBeUndefined();
    expect(returnOffsetMs({ ...FAST, lostTimeout: 5_001 })).toBe(5_000);
  });
});
