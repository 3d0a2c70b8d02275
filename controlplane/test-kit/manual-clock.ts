import type { Clock, Timer } from "../ports/clock.ts";

/** 2026-02-03T04:05:06.000Z: where the time of a test begins. */
export const START_MS = 1_770_091_506_000;

export interface ManualClock extends Clock {
  /** Runs what is due within the next `durationMs`, in order of time and then of request. */
  advance(durationMs: number): void;
  /** As `advance`, and lets promises settle after each task. */
  pass(durationMs: number): Promise<void>;
  /** Runs the next task if it is due within `durationMs`; tells whether it was. */
  step(durationMs?: number): boolean;
  /** Moves the time while no timer sees it, as a person does who sets a clock. */
  jump(byMs: number): void;
  /** How many tasks wait, and when the next of them is due. */
  waiting(): { readonly tasks: number; readonly nextInMs: number | undefined };
  /** The same time for one process, whose tasks are gone when it is killed. */
  forProcess(): Clock & { kill(): void };
}

/** So many tasks at one moment are a loop. */
const TOO_MANY = 100_000;

interface Task {
  readonly dueMs: number;
  readonly run: () => void;
}

/** A clock that stands still until it is told to move. */
export function createManualClock(startMs = START_MS): ManualClock {
  let nowMs = startMs;
  let offsetMs = 0;
  const tasks = new Set<Task>();

  const clock: Clock = {
    nowMs: () => nowMs + offsetMs,
    after: (delayMs, run) => {
      const task = { dueMs: nowMs + delayMs, run };
      tasks.add(task);
      return { cancel: () => void tasks.delete(task) };
    },
  };

  function next(): Task | undefined {
    let first: Task | undefined;
    // A Set keeps the order in which tasks were asked for.
    for (const task of tasks) if (first === undefined || task.dueMs < first.dueMs) first = task;
    return first;
  }

  function step(untilMs: number): boolean {
    const task = next();
    if (task === undefined || task.dueMs > untilMs) return false;
    tasks.delete(task);
    nowMs = Math.max(nowMs, task.dueMs);
    task.run();
    return true;
  }

  return {
    ...clock,
    step: (durationMs = 0) => step(nowMs + durationMs),
    advance: (durationMs) => {
      const untilMs = nowMs + durationMs;
      let count = 0;
      while (step(untilMs)) if ((count += 1) > TOO_MANY) throw new Error("the tasks never come to an end");
      nowMs = untilMs;
    },
    pass: async (durationMs) => {
      const untilMs = nowMs + durationMs;
      await settle();
      while (step(untilMs)) await settle();
      nowMs = untilMs;
    },
    jump: (byMs) => {
      offsetMs += byMs;
    },
    waiting: () => {
      const first = next();
      return { tasks: tasks.size, nextInMs: first === undefined ? undefined : first.dueMs - nowMs };
    },
    forProcess: () => {
      const timers = new Set<Timer>();
      return {
        nowMs: () => clock.nowMs(),
        after: (delayMs, run) => {
          const timer = clock.after(delayMs, () => {
            timers.delete(timer);
            run();
          });
          timers.add(timer);
          return timer;
        },
        kill: () => {
          for (const timer of timers) timer.cancel();
        },
      };
    },
  };
}

/** Lets every promise that is settled now, and those that follow from it, run on. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}
