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
  readonly sentMs: number;
  readonly message: unknown;
  readonly isEnd: boolean;
}

/** What arrives together is handed over together, as in one segment. */
interface Batch {
  readonly atMs: number;
  readonly items: Item[];
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
  let dropped = false;
  let closing = false;

  return {
    send: (message) => {
      if (!dropped && !closing) put({ sentMs: time.nowMs(), message, isEnd: false });
    },
    end: () => {
      if (!dropped && !closing) put({ sentMs: time.nowMs(), message: undefined, isEnd: true });
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
      for (const item of waiting) deliver(item, arrivalAfterCut(item.sentMs, time.nowMs()));
    },
    onMessage: (listener) => {
      receive = listener;
    },
    onEnd: (listener) => {
      ended = listener;
    },
  };

  function put(item: Item): void {
    if (way.isFree() && held.length === 0) deliver(item, time.nowMs() + latencyMs());
    else held.push(item);
  }

  /** Never before what was sent earlier. */
  function deliver(item: Item, earliestMs: number): void {
    const atMs = onGrid(earliestMs);
    if (last !== undefined && last.atMs >= atMs && last.atMs > time.nowMs()) {
      last.items.push(item);
      return;
    }
    const batch: Batch = { atMs, items: [item] };
    last = batch;
    time.after(atMs - time.nowMs(), () => arrive(batch));
  }

  function arrive({ items }: Batch): void {
    for (const item of items) {
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
