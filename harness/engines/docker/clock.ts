import type { HarnessClock } from "../../time/clock.ts";

/**
 * Real time. It never goes back, so that a stepped system clock cannot reorder a timeline: it stands still until the
 * step is made up for.
 */
export function createRealClock(): HarnessClock {
  let latestMs = 0;
  return {
    nowMs: () => (latestMs = Math.max(latestMs, Date.now())),
    after(delayMs, task) {
      const timer = setTimeout(task, delayMs);
      return { cancel: () => clearTimeout(timer) };
    },
  };
}

/** Below this the difference is the error of measuring it, or the same clock altogether. */
const NO_SKEW_MS = 50;

/**
 * How far the engine's clock is ahead of ours: what to subtract from a time that a container printed. Docker Desktop's
 * virtual machine and a remote engine have clocks of their own.
 */
export function skewMs(at: {
  readonly askedMs: number;
  readonly answeredMs: number;
  readonly engineTime: string;
}): number {
  const engineMs = Date.parse(at.engineTime);
  if (Number.isNaN(engineMs)) return 0;
  // The engine read its clock somewhere between the question and the answer.
  if (engineMs >= at.askedMs - NO_SKEW_MS && engineMs <= at.answeredMs + NO_SKEW_MS) return 0;
  return Math.round(engineMs - (at.askedMs + at.answeredMs) / 2);
}
