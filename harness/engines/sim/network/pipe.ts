import type { VirtualTime } from "../time/virtual-time.ts";
import { arrivalAfterCut } from "./retransmission.ts";

/** One direction of a connection: in order, nothing lost but with the connection itself. */
export interface Pipe {
  readonly send: (message: unknown) => void;
  readonly onMessage: (listener: (message: unknown) => void) => void;
  readonly onEnd: (listener: () => void) => void;
  /** Nothing more will be sent; the receiver learns of it after what is on its way. */
  readonly end: () => void;
  /** The receiver is gone: what is on its way is lost, and nobody is told. */
  readonly drop: () => void;
  /** The way is free again. */
  readonly release: () => void;
}

interface Item {
  readonly sentMs: number;
  readonly message: unknown;
  readonly isEnd: boolean;
}

export function createPipe(time: VirtualTime, latencyMs: () => number, isFree: () => boolean): Pipe {
  const held: Item[] = [];
  let lastArrivalMs = 0;
  let receive: ((message: unknown) => void) | undefined;
  let ended: (() => void) | undefined;
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
    release: () => {
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
    if (isFree() && held.length === 0) deliver(item, time.nowMs() + latencyMs());
    else held.push(item);
  }

  /** Never before what was sent earlier. */
  function deliver(item: Item, earliestMs: number): void {
    lastArrivalMs = Math.max(earliestMs, lastArrivalMs + MIN_GAP_MS);
    time.after(lastArrivalMs - time.nowMs(), () => {
      if (dropped) return;
      if (item.isEnd) ended?.();
      else receive?.(item.message);
    });
  }
}

/** Two messages never arrive in the very same moment, so that no tie can turn their order round. */
const MIN_GAP_MS = 0.001;
