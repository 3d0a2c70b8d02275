import type { Clock } from "../ports/clock.ts";

/** setTimeout counts in signed 32 bits; a longer wait is made of several. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** The clock of this machine. */
export function createSystemClock(): Clock {
  return {
    nowMs: () => Date.now(),
    after: (delayMs, task) => {
      let handle: NodeJS.Timeout | NodeJS.Immediate;
      let cancelled = false;
      const wait = (remainingMs: number): void => {
        if (remainingMs <= 0) {
          handle = setImmediate(run);
        } else {
          const stepMs = Math.min(remainingMs, LONGEST_TIMEOUT_MS);
          handle = setTimeout(() => (remainingMs > stepMs ? wait(remainingMs - stepMs) : run()), stepMs);
        }
      };
      const run = (): void => {
        if (!cancelled) task();
      };
      wait(delayMs);
      return {
        cancel: () => {
          cancelled = true;
          if (handle instanceof Object && "hasRef" in handle && "refresh" in handle) clearTimeout(handle);
          else clearImmediate(handle);
        },
      };
    },
  };
}
