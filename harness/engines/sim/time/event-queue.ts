/** Something that happens at a moment of virtual time, and its own handle: there are millions of them. */
export class QueuedEvent {
  /** Virtual milliseconds; fractions count. */
  readonly atMs: number;
  /** Decides between events of the same moment. */
  readonly tie: number;
  /** Decides between events of the same moment and tie. */
  readonly seq: number;
  /** Undefined once it was cancelled: it then only takes up its place until its time comes. */
  run: (() => void) | undefined;

  constructor(atMs: number, tie: number, seq: number, run: () => void) {
    this.atMs = atMs;
    this.tie = tie;
    this.seq = seq;
    this.run = run;
  }

  cancel(): void {
    this.run = undefined;
  }
}

/** A binary heap: the earliest event first. */
export function createEventQueue() {
  const heap: QueuedEvent[] = [];
  return {
    size: () => heap.length,
    push: (event: QueuedEvent): void => {
      let index = heap.length;
      heap.push(event);
      while (index > 0) {
        const parent = (index - 1) >> 1;
        const above = heap[parent];
        if (above === undefined || !isBefore(event, above)) break;
        heap[index] = above;
        index = parent;
      }
      heap[index] = event;
    },
    pop: (): QueuedEvent | undefined => {
      const first = heap[0];
      const last = heap.pop();
      if (first === undefined || last === undefined || heap.length === 0) return first;
      let index = 0;
      for (;;) {
        const left = 2 * index + 1;
        if (left >= heap.length) break;
        const right = left + 1;
        const l = heap[left] as QueuedEvent;
        const r = heap[right];
        const useRight = r !== undefined && isBefore(r, l);
        const child = useRight ? r : l;
        if (!isBefore(child, last)) break;
        heap[index] = child;
        index = useRight ? right : left;
      }
      heap[index] = last;
      return first;
    },
    clear: (): void => {
      heap.length = 0;
    },
  };
}

function isBefore(a: QueuedEvent, b: QueuedEvent): boolean {
  if (a.atMs !== b.atMs) return a.atMs < b.atMs;
  return a.tie !== b.tie ? a.tie < b.tie : a.seq < b.seq;
}
