import { expect } from "vitest";
import type { Clock } from "../../../controlplane/ports/clock.ts";
import type { ContractCase, ContractWorld } from "../contract.ts";

export interface ClockWorld extends ContractWorld {
  readonly clock: Clock;
}

export const clockContract: readonly ContractCase<ClockWorld>[] = [
  {
    name: "the time is whole milliseconds since the Unix epoch",
    run: ({ clock }) => {
      const now = clock.nowMs();
      expect(Number.isInteger(now)).toBe(true);
      expect(now).toBeGreaterThan(Date.parse("2025-01-01T00:00:00Z"));
      expect(now).toBeLessThan(Date.parse("2100-01-01T00:00:00Z"));
    },
  },
  {
    name: "a task runs when its delay has passed on this clock",
    run: async ({ clock }) => {
      const before = clock.nowMs();
      await wait(clock, 30);
      // The system's timers count on another clock than its time of day: they may differ by one millisecond.
      expect(clock.nowMs() - before).toBeGreaterThanOrEqual(29);
    },
  },
  {
    name: "a task runs once",
    run: async ({ clock }) => {
      let runs = 0;
      clock.after(2, () => (runs += 1));
      await wait(clock, 20);
      expect(runs).toBe(1);
    },
  },
  {
    name: "tasks run in the order of their times, not of their calls",
    run: async ({ clock }) => {
      const order: number[] = [];
      for (const delayMs of [30, 0, 15]) clock.after(delayMs, () => order.push(delayMs));
      await wait(clock, 50);
      expect(order).toEqual([0, 15, 30]);
    },
  },
  {
    name: "a delay of 0 ends after the caller has returned and everything settled is done",
    run: async ({ clock }) => {
      const order: string[] = [];
      const ran = new Promise<void>((resolve) => {
        clock.after(0, () => {
          order.push("task");
          resolve();
        });
      });
      order.push("caller");
      await settleDeeply(() => order.push("settled"));
      await ran;
      expect(order).toEqual(["caller", "settled", "task"]);
    },
  },
  {
    name: "a delay below 0 counts as 0",
    run: async ({ clock }) => {
      await wait(clock, -5);
      expect(clock.nowMs()).toBeGreaterThan(0);
    },
  },
  {
    name: "a cancelled task never runs, whatever its delay",
    run: async ({ clock }) => {
      const ran: number[] = [];
      for (const delayMs of [0, 1, 10]) clock.after(delayMs, () => ran.push(delayMs)).cancel();
      await wait(clock, 30);
      expect(ran).toEqual([]);
    },
  },
  {
    name: "a task that is due can still be cancelled by one that runs before it",
    run: async ({ clock }) => {
      const ran: string[] = [];
      const timers = ["one", "two"].map((name) =>
        clock.after(0, () => {
          ran.push(name);
          for (const timer of timers) timer.cancel();
        }),
      );
      await wait(clock, 20);
      expect(ran).toHaveLength(1);
    },
  },
  {
    name: "cancelling twice, or what has run, does nothing",
    run: async ({ clock }) => {
      let runs = 0;
      const timer = clock.after(1, () => (runs += 1));
      await wait(clock, 20);
      const cancelled = clock.after(1, () => (runs += 1));
      for (const each of [timer, cancelled, cancelled]) expect(() => each.cancel()).not.toThrow();
      await wait(clock, 20);
      expect(runs).toBe(1);
    },
  },
  {
    name: "a delay of more than 24.8 days is as long as it says",
    run: async ({ clock }) => {
      let ran = false;
      const timer = clock.after(2 ** 31 + 1_000, () => (ran = true));
      await wait(clock, 30);
      expect(ran).toBe(false);
      timer.cancel();
    },
  },
];

function wait(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(delayMs, resolve);
  });
}

/** Runs the task after a long chain of promises, none of which waits for anything. */
async function settleDeeply(task: () => void): Promise<void> {
  for (let step = 0; step < 100; step += 1) await Promise.resolve();
  task();
}
