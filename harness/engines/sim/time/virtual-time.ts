import { createEventQueue, QueuedEvent } from "./event-queue.ts";
import type { RandomStream } from "./random-streams.ts";

/** Everything happens in here, one event after the other, and time moves only between them. */
export interface VirtualTime {
  /** Virtual milliseconds since the Unix epoch; fractions count. */
  nowMs(): number;
  /** `task` happens `delayMs` from now. What happens at the same moment is ordered by the seed. */
  after(delayMs: number, task: () => void): { cancel(): void };
  /** How many events have happened. */
  happened(): number;
  /** Lets time run until `stop`. */
  start(): void;
  stop(): void;
  /** Called with what an event threw; time stops. */
  onFailure(listener: (error: unknown) => void): void;
}

/** After so many events the real event loop has a turn. */
const EVENTS_PER_LOOP = 1_000;

/** Where every simulation begins: 2026-01-01T00:00:00Z. */
export const EPOCH_MS = 1_767_225_600_000;

/**
 * Virtual time. After each event all work that it has settled is done (promises, to the last one) before the
 * next event happens and time moves: so `now` goes to each timer, never past it, and nothing depends on how
 * fast this machine is.
 */
export function createVirtualTime(ties: RandomStream): VirtualTime {
  // Taken before anybody can replace them.
  const { setImmediate, queueMicrotask } = globalThis;
  const nextTick = (task: () => void): void => process.nextTick(task);
  const queue = createEventQueue();
  let nowMs = EPOCH_MS;
  let seq = 0;
  let happened = 0;
  let running = false;
  let turnIsSet = false;
  let fail: ((error: unknown) => void) | undefined;

  return {
    nowMs: () => nowMs,
    after: (delayMs, task) => {
      seq += 1;
      const event = new QueuedEvent(nowMs + Math.max(0, delayMs), ties.fraction(), seq, task);
      queue.push(event);
      nextTurn();
      return event;
    },
    happened: () => happened,
    start: () => {
      running = true;
      nextTurn();
    },
    stop: () => {
      running = false;
      queue.clear();
    },
    onFailure: (listener) => {
      fail = listener;
    },
  };

  function nextTurn(): void {
    if (!running || turnIsSet || queue.size() === 0) return;
    turnIsSet = true;
    // Ctrl-C and the terminal get their share of real time now and then.
    if (happened % EVENTS_PER_LOOP === 0) setImmediate(turn);
    else queueMicrotask(tick);
  }

  /**
   * From within a microtask, the next tick comes only when no promise is left to settle, however long the
   * chains: as good as a turn of the event loop, and many times faster. (Only a `process.nextTick` that a
   * promise asks for late would come after the next event; no code that is simulated has a `process`.)
   */
  function tick(): void {
    nextTick(turn);
  }

  function turn(): void {
    turnIsSet = false;
    if (!running) return;
    let event = queue.pop();
    // What was cancelled takes no turn.
    while (event !== undefined && event.run === undefined) event = queue.pop();
    if (event?.run === undefined) return;
    nowMs = event.atMs;
    happened += 1;
    try {
      event.run();
    } catch (error) {
      running = false;
      // Nobody would ever know why time stands still.
      if (fail === undefined) throw error;
      fail(error);
      return;
    }
    nextTurn();
  }
}
