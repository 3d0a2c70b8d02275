import type { LoggedEvent } from "../../model/event.ts";
import type { Clock, Timer } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { Store, Watcher, WatcherOptions } from "../contracts.ts";

const RETRY_FIRST_MS = 200;
const RETRY_CAP_MS = 1_000;
const READ_AHEAD = 256;

/**
 * Reads the event log in order, one event at a time (spec 1-system, "Watchers"). Which events are lost when
 * handling fails or the process restarts is decided by its options, and by nothing else.
 */
export function createWatcher(
  ports: { readonly clock: Clock; readonly store: Store; readonly log: Log },
  options: WatcherOptions,
): Watcher {
  const { clock, store, log } = ports;
  let position = 0;
  let running = false;
  let scheduled: Timer | undefined;
  let failures = 0;
  let blocked: LoggedEvent | undefined;
  /** The newest event that was handed on, and the newest that was dealt with, which may be much later. */
  let handedOn = 0;
  let dealtWith = 0;
  let saved = 0;

  return {
    start: () => {
      position = startPosition();
      running = true;
      store.onCommit(() => schedule(0));
      schedule(0);
    },
    stop: () => {
      running = false;
      scheduled?.cancel();
    },
    done: (seq) => {
      dealtWith = seq;
      saveCheckpoint(isIdle() ? Math.max(seq, position) : seq);
    },
    blockedAt: () => blocked,
  };

  function startPosition(): number {
    if (options.startAt === "beginning") return 0;
    if (options.startAt === "latest") return store.lastSeq();
    const checkpoint = store.checkpoint(options.name);
    // Written down at once: a crash before the first checkpoint must not look like the first start of all.
    if (checkpoint === undefined) saveCheckpoint(store.lastSeq());
    saved = checkpoint ?? store.lastSeq();
    return saved;
  }

  function schedule(delayMs: number): void {
    if (!running || scheduled !== undefined) return;
    scheduled = clock.after(delayMs, () => {
      scheduled = undefined;
      pump();
    });
  }

  function pump(): void {
    for (;;) {
      const events = store.eventsAfter(position, READ_AHEAD);
      if (events.length === 0) return;
      for (const event of events) {
        if (!running) return;
        if (options.filter(event)) {
          if (!handled(event)) return;
          handedOn = event.seq;
        }
        position = event.seq;
      }
      if (options.checkpoint === "each") saveCheckpoint(position);
      // Else a log in which nothing is for this watcher could never be collected.
      if (options.checkpoint === "manual" && isIdle() && position - saved >= READ_AHEAD) {
        saveCheckpoint(position);
      }
    }
  }

  function isIdle(): boolean {
    return handedOn <= dealtWith;
  }

  /** False if the same event has to be tried again later. */
  function handled(event: LoggedEvent): boolean {
    try {
      options.handle(event);
    } catch (error) {
      if (options.onFailure === "block") {
        blocked = event;
        const delayMs = Math.min(RETRY_FIRST_MS * 2 ** failures, RETRY_CAP_MS);
        failures += 1;
        log.warn("WATCHER: Event failed, everything behind it waits", {
          watcher: options.name,
          event: event.kind,
          seq: event.seq,
          retry_in_ms: delayMs,
          error: reason(error),
        });
        schedule(delayMs);
        return false;
      }
      log.debug("WATCHER: Event failed and is skipped", {
        watcher: options.name,
        event: event.kind,
        seq: event.seq,
        error: reason(error),
      });
    }
    failures = 0;
    blocked = undefined;
    return true;
  }

  function saveCheckpoint(seq: number): void {
    saved = seq;
    store.change((writer) => writer.saveCheckpoint(options.name, seq));
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
