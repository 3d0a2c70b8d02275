import type { Clock, Timer } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { Store } from "../contracts.ts";

const COLLECT_EVERY_MS = 60_000;
/** What has ended stays visible for this long. */
const KEEP_EVALUATIONS_MS = 60 * 60_000;
const KEEP_EVENTS_MS = 24 * 60 * 60_000;

/** Every `housekeeping`: node timeouts; garbage collection as well, once a minute. */
export function createHousekeeping(
  parts: {
    readonly clock: Clock;
    readonly store: Store;
    readonly log: Log;
    readonly checkTimeouts: () => void;
  },
  settings: { readonly housekeepingMs: number },
): { start(): void; stop(): void } {
  const { clock, store, log, checkTimeouts } = parts;
  let timer: Timer | undefined;
  let collectedAtMs = clock.nowMs();
  const schedule = () => {
    timer = clock.after(settings.housekeepingMs, () => {
      schedule();
      round();
    });
  };
  return { start: schedule, stop: () => timer?.cancel() };

  function round(): void {
    checkTimeouts();
    const now = clock.nowMs();
    if (now - collectedAtMs >= COLLECT_EVERY_MS) {
      collectedAtMs = now;
      store.change((writer) =>
        writer.collectGarbage({ evaluationsMs: now - KEEP_EVALUATIONS_MS, eventsMs: now - KEEP_EVENTS_MS }),
      );
    }
    log.debug("HOUSEKEEPING: Round finished");
  }
}
