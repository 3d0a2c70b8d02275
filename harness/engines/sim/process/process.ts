import type { Clock } from "../../../../controlplane/ports/clock.ts";
import type { VirtualTime } from "../time/virtual-time.ts";

/** The life of one program on a machine: whatever it does later goes through here, so that it can be ended or frozen. */
export interface SimProcess {
  /** Its own clock: whole milliseconds, as a system clock tells them. Dies with it. */
  readonly clock: Clock;
  /** Does it now, or when the process is thawed, or never if it is dead. */
  run(task: () => void): void;
  isAlive(): boolean;
  /** Nothing it had planned happens any more. */
  kill(): void;
  freeze(): void;
  /** What came meanwhile happens at once, in order. */
  thaw(): void;
  /** When the process is killed. */
  onKill(task: () => void): void;
}

export function createSimProcess(time: VirtualTime): SimProcess {
  let alive = true;
  let frozen = false;
  const backlog: (() => void)[] = [];
  const lastWill: (() => void)[] = [];

  const isStopped = (): boolean => frozen || !alive;
  const run = (task: () => void): void => {
    if (!alive) return;
    if (frozen) backlog.push(task);
    else task();
  };
  return {
    run,
    isAlive: () => alive,
    clock: {
      nowMs: () => Math.floor(time.nowMs()),
      after: (delayMs, task) => {
        if (!alive) return NEVER;
        let cancelled = false;
        const timer = time.after(delayMs, () => {
          run(() => {
            if (!cancelled) task();
          });
        });
        return {
          cancel: () => {
            cancelled = true;
            timer.cancel();
          },
        };
      },
    },
    kill: () => {
      alive = false;
      backlog.length = 0;
      for (const task of lastWill.splice(0)) task();
    },
    freeze: () => {
      frozen = true;
    },
    thaw: () => {
      frozen = false;
      // What comes of one task may freeze it again, or end it.
      for (let task = backlog.shift(); task !== undefined; task = isStopped() ? undefined : backlog.shift()) {
        task();
      }
    },
    onKill: (task) => {
      lastWill.push(task);
    },
  };
}

const NEVER = { cancel: () => {} };
