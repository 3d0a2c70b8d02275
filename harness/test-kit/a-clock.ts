import type { HarnessClock } from "../time/clock.ts";

/** A clock that stands still until a test moves it. */
export interface TestClock extends HarnessClock {
  /** Lets everything happen that is due within `durationMs`, in order. */
  advance(durationMs: number): Promise<void>;
  /** Moves on from one timer to the next until the work is done; resolves or rejects as it does. */
  drive<T>(work: Promise<T>): Promise<T>;
  /** Timers that are set and have neither fired nor been cancelled. */
  pending(): number;
}

interface Timer {
  readonly dueMs: number;
  readonly task: () => void;
}

const PENDING = Symbol("pending");

export function aClock(startMs = Date.UTC(2026, 10, 21)): TestClock {
  let nowMs = startMs;
  const timers = new Set<Timer>();
  const next = (): Timer | undefined => [...timers].sort((a, b) => a.dueMs - b.dueMs)[0];
  const fire = (timer: Timer) => {
    timers.delete(timer);
    nowMs = Math.max(nowMs, timer.dueMs);
    timer.task();
  };
  return {
    nowMs: () => nowMs,
    after: (delayMs, task) => {
      const timer = { dueMs: nowMs + delayMs, task };
      timers.add(timer);
      return { cancel: () => void timers.delete(timer) };
    },
    advance: async (durationMs) => {
      const untilMs = nowMs + durationMs;
      await settled();
      for (let due = next(); due !== undefined && due.dueMs <= untilMs; due = next()) {
        fire(due);
        await settled();
      }
      nowMs = untilMs;
    },
    drive: async (work) => {
      const isPending = async () =>
        (await Promise.race([work.catch(() => {}), settled().then(() => PENDING)])) === PENDING;
      while (await isPending()) {
        const due = next();
        if (due === undefined) throw new Error("the work waits for something that no timer will bring");
        fire(due);
      }
      return await work;
    },
    pending: () => timers.size,
  };
}

/** Everything has run that waits for nothing but its turn. */
export function settled(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
