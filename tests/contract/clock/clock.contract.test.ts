import { createSystemClock } from "../../../controlplane/adapters/system-clock.ts";
import type { Clock } from "../../../controlplane/ports/clock.ts";
import { createSimProcess } from "../../../harness/engines/sim/process/process.ts";
import { createRandomStreams } from "../../../harness/engines/sim/time/random-streams.ts";
import { createVirtualTime } from "../../../harness/engines/sim/time/virtual-time.ts";
import {
  NEVER,
  testContract,
  testThatEachCaseCanFail,
  WaitedInVainError,
  type WrongAdapter,
} from "../contract.ts";
import { clockContract, type ClockWorld } from "./clock.contract.ts";

testContract("clock", clockContract, [
  { name: "this machine's clock", open: openSystemClock },
  { name: "the clock of a simulated process", open: openSimClock },
]);

testThatEachCaseCanFail("clock", clockContract, {
  "the time is whole milliseconds since the Unix epoch": wrong("counts from its own start", (clock) => {
    const start = clock.nowMs();
    return { nowMs: () => clock.nowMs() - start };
  }),
  "a task runs when its delay has passed on this clock": wrong(
    "takes milliseconds for microseconds",
    (clock) => ({
      after: (delayMs, task) => clock.after(delayMs / 1_000, task),
    }),
  ),
  "a task runs once": wrong("repeats", (clock) => ({
    after: (delayMs, task) => {
      clock.after(2 * delayMs, task);
      return clock.after(delayMs, task);
    },
  })),
  "tasks run in the order of their times, not of their calls": wrong(
    "runs tasks in the order of their calls",
    (clock) => {
      let latestMs = 0;
      return {
        after: (delayMs, task) => {
          latestMs = Math.max(latestMs + 1, clock.nowMs() + delayMs);
          return clock.after(latestMs - clock.nowMs(), task);
        },
      };
    },
  ),
  "a delay of 0 ends after the caller has returned and everything settled is done": wrong(
    "runs at once what has no delay",
    (clock) => ({
      after: (delayMs, task) => {
        if (delayMs > 0) return clock.after(delayMs, task);
        task();
        return { cancel: () => {} };
      },
    }),
  ),
  "a delay below 0 counts as 0": wrong("never runs what should have run already", (clock) => ({
    after: (delayMs, task) => (delayMs < 0 ? { cancel: () => {} } : clock.after(delayMs, task)),
  })),
  "a cancelled task never runs, whatever its delay": wrong("cannot cancel what is due at once", (clock) => ({
    after: (delayMs, task) => {
      const timer = clock.after(delayMs, task);
      return delayMs === 0 ? { cancel: () => {} } : timer;
    },
  })),
  "a task that is due can still be cancelled by one that runs before it": wrong(
    "runs what is due together",
    (clock) => {
      const due: (() => void)[] = [];
      return {
        after: (delayMs, task) => {
          if (delayMs > 0) return clock.after(delayMs, task);
          due.push(task);
          clock.after(0, () => {
            for (const each of due.splice(0)) each();
          });
          return { cancel: () => {} };
        },
      };
    },
  ),
  "cancelling twice, or what has run, does nothing": wrong("complains of what has run", (clock) => ({
    after: (delayMs, task) => {
      let isOver = false;
      const timer = clock.after(delayMs, () => {
        isOver = true;
        task();
      });
      return {
        cancel: () => {
          if (isOver) throw new Error("it has run");
          timer.cancel();
        },
      };
    },
  })),
  "a delay of more than 24.8 days is as long as it says": wrong("counts in 31 bits", (clock) => ({
    after: (delayMs, task) => clock.after(delayMs > 2 ** 31 - 1 ? 1 : delayMs, task),
  })),
});

function openSystemClock(): ClockWorld {
  return { failed: NEVER, clock: createSystemClock(), [Symbol.asyncDispose]: () => Promise.resolve() };
}

function openSimClock(): ClockWorld {
  const time = createVirtualTime(createRandomStreams(1)("ties"));
  const failed = new Promise<never>((_, reject) => {
    time.onFailure(reject);
    time.after(60_000, () => reject(new WaitedInVainError("still waiting after a virtual minute")));
  });
  failed.catch(() => {});
  time.start();
  return {
    failed,
    clock: createSimProcess(time).clock,
    [Symbol.asyncDispose]: () => Promise.resolve(time.stop()),
  };
}

function wrong(does: string, twist: (clock: Clock) => Partial<Clock>): WrongAdapter<ClockWorld> {
  return {
    does,
    open: () => {
      const world = openSimClock();
      return { ...world, clock: { ...world.clock, ...twist(world.clock) } };
    },
  };
}
