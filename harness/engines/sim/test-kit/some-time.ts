import { createRandomStreams } from "../time/random-streams.ts";
import { createVirtualTime, EPOCH_MS, type VirtualTime } from "../time/virtual-time.ts";

/** Virtual time that runs. */
export interface SomeTime extends VirtualTime {
  readonly streamOf: ReturnType<typeof createRandomStreams>;
  /** Milliseconds since the simulation began. */
  sinceMs(): number;
  /** Resolves that much later, on this time. */
  pass(durationMs: number): Promise<void>;
}

export function someTime(seed = 1): SomeTime {
  const streamOf = createRandomStreams(seed);
  const time = createVirtualTime(streamOf("ties"));
  time.start();
  return {
    ...time,
    streamOf,
    sinceMs: () => time.nowMs() - EPOCH_MS,
    pass: (durationMs) =>
      new Promise((resolve) => {
        time.after(durationMs, resolve);
      }),
  };
}
