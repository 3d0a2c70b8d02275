import { describe, expect, it } from "vitest";
import { KNOBS, PROFILES, recoveryWindowMs, type Timing } from "./profile.ts";

describe("the profiles", () => {
  it("are these, each under its own name", () => {
    expect(Object.keys(PROFILES)).toEqual(["default", "fast", "batch-1s", "heartbeat-1s"]);
    for (const [name, profile] of Object.entries(PROFILES)) expect(profile.name).toBe(name);
  });

  it("default: as shipped", () => {
    expect(timingOf("default")).toEqual({
      heartbeat: 15_000,
      disconnectTimeout: 300_000,
      lostTimeout: 3_600_000,
      reevaluationBatch: 15_000,
      housekeeping: 30_000,
      dataPlaneSetup: 250,
      resyncInterval: 30_000,
    });
  });

  it("batch-1s and heartbeat-1s change one knob each", () => {
    const changed = (name: string) =>
      KNOBS.filter((knob) => timingOf(name)[knob] !== timingOf("default")[knob]);
    expect(changed("batch-1s")).toEqual(["reevaluationBatch"]);
    expect(changed("heartbeat-1s")).toEqual(["heartbeat"]);
    expect(timingOf("batch-1s").reevaluationBatch).toBe(1_000);
    expect(timingOf("heartbeat-1s").heartbeat).toBe(1_000);
  });

  it.each(Object.keys(PROFILES))(
    "%s: heartbeats come before anybody is missed, and missed before lost",
    (name) => {
      const { heartbeat, disconnectTimeout, lostTimeout } = timingOf(name);
      expect(heartbeat * 2).toBeLessThan(disconnectTimeout);
      expect(disconnectTimeout).toBeLessThan(lostTimeout);
    },
  );
});

describe("W, the time a correct system needs", () => {
  it.each(Object.keys(PROFILES))("is below the lost timeout in %s", (name) => {
    expect(recoveryWindowMs(timingOf(name))).toBeLessThan(timingOf(name).lostTimeout);
  });

  it("is at most 4 s in fast", () => {
    expect(recoveryWindowMs(timingOf("fast"))).toBe(3_750);
    expect(recoveryWindowMs(timingOf("fast"))).toBeLessThanOrEqual(4_000);
  });

  it("is set-up, two batches, the longest wait of a fix, and an allowance", () => {
    const timing = { ...timingOf("fast"), dataPlaneSetup: 1, reevaluationBatch: 2_600 };
    const window = (knobs: Partial<Timing>) => recoveryWindowMs({ ...timing, ...knobs }, 7);
    expect(window({ heartbeat: 300, resyncInterval: 4_000 })).toBe(1 + 5_200 + 4_000 + 7);
    expect(window({ heartbeat: 5_000, resyncInterval: 4_000 })).toBe(1 + 5_200 + 5_000 + 7);
    // A blocking dispatcher waits up to a second between two tries.
    expect(window({ heartbeat: 300, resyncInterval: 400 })).toBe(1 + 5_200 + 1_000 + 7);
  });

  it("has time for the first heartbeat after a restart, where batches are shorter", () => {
    expect(recoveryWindowMs(timingOf("batch-1s"), 7)).toBe(250 + 15_000 + 30_000 + 7);
  });
});

function timingOf(name: string): Timing {
  const profile = PROFILES[name];
  if (profile === undefined) throw new Error(`there is no profile ${name}`);
  return profile.timing;
}
