import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSystemClock } from "./system-clock.ts";

const DAY_MS = 24 * 3_600_000;

describe("the time", () => {
  it("is this machine's", () => {
    const before = Date.now();
    const now = createSystemClock().nowMs();
    expect(now >= before && now <= Date.now()).toBe(true);
  });
});

describe("a delay of 0", () => {
  it("runs the task after its caller, and after all that is settled by then", async () => {
    const order: string[] = [];
    const ran = new Promise<void>((resolve) => {
      createSystemClock().after(0, () => {
        order.push("task");
        resolve();
      });
    });
    void Promise.resolve().then(() => order.push("settled"));
    order.push("caller");
    await ran;
    expect(order).toEqual(["caller", "settled", "task"]);
  });

  it("keeps the order in which tasks were asked for", async () => {
    const clock = createSystemClock();
    const order: number[] = [];
    await new Promise<void>((resolve) => {
      clock.after(0, () => order.push(1));
      clock.after(-5, () => order.push(2));
      clock.after(0, () => resolve());
    });
    expect(order).toEqual([1, 2]);
  });

  it("can be taken back", async () => {
    const clock = createSystemClock();
    let ran = false;
    clock.after(0, () => (ran = true)).cancel();
    await new Promise<void>((resolve) => {
      clock.after(0, resolve);
    });
    expect(ran).toBe(false);
  });
});

describe("a longer delay", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("runs the task once, when it is over", () => {
    let runs = 0;
    createSystemClock().after(1_500, () => (runs += 1));
    vi.advanceTimersByTime(1_499);
    expect(runs).toBe(0);
    vi.advanceTimersByTime(1);
    expect(runs).toBe(1);
    vi.advanceTimersByTime(DAY_MS);
    expect(runs).toBe(1);
  });

  it("may be longer than setTimeout can count", () => {
    let runs = 0;
    createSystemClock().after(60 * DAY_MS, () => (runs += 1));
    vi.advanceTimersByTime(60 * DAY_MS - 1);
    expect(runs).toBe(0);
    vi.advanceTimersByTime(1);
    expect(runs).toBe(1);
  });

  it.each([0, 1, 30, 59])("of 60 days can be taken back after %i", (days) => {
    let ran = false;
    const timer = createSystemClock().after(60 * DAY_MS, () => (ran = true));
    vi.advanceTimersByTime(days * DAY_MS);
    timer.cancel();
    timer.cancel();
    vi.advanceTimersByTime(100 * DAY_MS);
    expect(ran).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("that is over can be taken back without harm", () => {
    let runs = 0;
    const timer = createSystemClock().after(10, () => (runs += 1));
    vi.advanceTimersByTime(10);
    timer.cancel();
    expect(runs).toBe(1);
  });
});
