import type { VirtualTime } from "../time/virtual-time.ts";
import type { CloseReason } from "./network.ts";
import { arrivalAfterCut } from "./retransmission.ts";

/** One direction of a connection: in order, nothing lost but with the connection itself. */
export interface Pipe {
  readonly send: (message: unknown) => void;
  readonly onMessage: (listener: (message: unknown) => void) => void;
  readonly onEnd: (listener: (why: CloseReason) => void) => void;
  /** Nothing more will be sent; the receiver learns of it after what is on its way. */
  readonly end: () => void;
  /** The receiver is gone: what is on its way is lost, and nobody is told. */
  readonly drop: () => void;
  /** The receiver has heard nothing for too long: what is on its way is lost, and it is told so. */
  readonly giveUp: () => void;
  /** The way may be free again. */
  readonly release: () => void;
}

interface Item {
  readonly seq: number;
  readonly sentMs: number;
  readonly message: unknown;
  readonly isEnd: boolean;
}

/** What arrives together is handed over together, as in one segment. */
interface Batch {
  readonly atMs: number;
  readonly items: Item[];
  hasArrived: boolean;
}

export function createPipe(
  time: VirtualTime,
  latencyMs: () => number,
  way: {
    /** Whether anything gets through now. */
    readonly isFree: () => boolean;
    /** The receiver has learned that nothing more will come. */
    readonly onEnded: () => void;
  },
): Pipe {
  const held: Item[] = [];
  let last: Batch | undefined;
  let receive: ((message: unknown) => void) | undefined;
  let ended: ((why: CloseReason) => void) | undefined;
  let seq = 0;
  let dropped = false;
  let closing = false;

  return {
    send: (message) => {
      if (!dropped && !closing) put(message, false);
    },
    end: () => {
      if (!dropped && !closing) put(undefined, true);
      closing = true;
    },
    drop: () => {
      dropped = true;
    },
    giveUp: () => {
      dropped = true;
      ended?.("silent");
    },
    release: () => {
      if (!way.isFree()) return;
      const waiting = held.splice(0);
      const [first] = waiting;
      if (first === undefined) return;
      // The oldest is tried again when its time comes; once it has got through, the rest follows at once.
      const atMs = arrivalAfterCut(first.sentMs, time.nowMs()) + latencyMs();
      for (const item of waiting) deliver(item, atMs);
    },
    onMessage: (listener) => {
      receive = listener;
    },
    onEnd: (listener) => {
      ended = listener;
    },
  };

  function put(message: unknown, isEnd: boolean): void {
    seq += 1;
    const item: Item = { seq, sentMs: time.nowMs(), message, isEnd };
    if (way.isFree() && held.length === 0) deliver(item, time.nowMs() + latencyMs());
    else held.push(item);
  }

  /** Never before what was sent earlier. */
  function deliver(item: Item, earliestMs: number): void {
    const atMs = onGrid(earliestMs);
    if (last !== undefined && !last.hasArrived && last.atMs >= atMs) {
      last.items.push(item);
      return;
    }
    const batch: Batch = { atMs, items: [item], hasArrived: false };
    last = batch;
    time.after(atMs - time.nowMs(), () => arrive(batch));
  }

  function arrive(batch: Batch): void {
    batch.hasArrived = true;
    if (!way.isFree()) {
      // Cut while they were on their way: they have to be sent again.
      held.push(...batch.items);
      held.sort((a, b) => a.seq - b.seq);
      return;
    }
    for (const item of batch.items) {
      if (dropped) return;
      if (item.isEnd) {
        way.onEnded();
        ended?.("left");
      } else receive?.(item.message);
    }
  }
}

/** Arrivals per millisecond of virtual time. */
const GRID = 20;

/**
 * Up to the next point of a grid of 50 µs. Arrivals at different machines often meet on one point, and the
 * seed decides which comes first: orders that a real network would show only once in a long while.
 */
function onGrid(ms: number): number {
  return Math.ceil(ms * GRID) / GRID;
}
