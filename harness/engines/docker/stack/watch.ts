import type { Readable } from "node:stream";
import type Docker from "dockerode";
import type { HarnessClock } from "../../../time/clock.ts";
import { engineGone, engineMessage } from "../api-errors.ts";

/** Listens for the engine going away. */
export interface EngineWatch {
  /** Rejects when it has; never resolves. */
  readonly gone: Promise<never>;
  stop(): void;
}

/** One that ends sooner is of an engine that does not keep such streams open: it says nothing. */
const SHORT_MS = 1_000;

/**
 * A run may wait for minutes without asking the engine for anything, and would then hear of its end from nobody. So one
 * request stays open, whose answer, the engine's own events, ends when the engine does.
 * @param isWhole whether everything else that is heard from the engine is still heard. A stream as silent as this one
 * may also be cut by something in between; then the engine is as it was.
 */
export function watchEngine(
  { docker, clock }: { readonly docker: Docker; readonly clock: HarnessClock },
  what: string,
  isWhole: () => boolean,
): EngineWatch {
  let events: Readable | undefined;
  let stopped = false;
  const { promise: gone, reject } = Promise.withResolvers<never>();
  // Whether anybody listens is up to the run.
  gone.catch(() => {});

  const listen = async () => {
    for (;;) {
      const sinceMs = clock.nowMs();
      events = (await docker.getEvents({ filters: { type: ["daemon"] } })) as Readable;
      if (stopped) return void events.destroy();
      const seen = await endOf(events);
      if (stopped) return;
      await docker.ping();
      if (stopped) return;
      if (!isWhole()) throw new Error(seen);
      if (clock.nowMs() - sinceMs < SHORT_MS) return;
    }
  };
  void listen().catch((error: unknown) => {
    if (!stopped) reject(engineGone(what, engineMessage(error), error));
  });
  return {
    gone,
    stop() {
      stopped = true;
      events?.destroy();
    },
  };
}

async function endOf(stream: Readable): Promise<string> {
  return await new Promise((resolve) => {
    stream.resume();
    stream.once("end", () => resolve("it ended the answer that tells of its events"));
    stream.once("error", (error) => resolve(error.message));
    stream.once("close", () => resolve("the connection to it was closed"));
  });
}
