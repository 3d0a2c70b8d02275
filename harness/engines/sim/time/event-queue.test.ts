import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEventQueue, QueuedEvent } from "./event-queue.ts";

describe("an event queue", () => {
  it("gives events by time, then by tie, then in the order in which they came", () => {
    fc.assert(
      fc.property(fc.array(anOperation(), { maxLength: 200 }), (operations) => {
        const queue = createEventQueue();
        let waiting: QueuedEvent[] = [];
        const popped: (readonly [given: QueuedEvent | undefined, first: QueuedEvent | undefined])[] = [];
        for (const [seq, operation] of operations.entries()) {
          if (operation === "pop") {
            const [first, ...rest] = waiting.toSorted(byTimeTieAndSeq);
            popped.push([queue.pop(), first]);
            waiting = rest;
          } else {
            const event = new QueuedEvent(operation.atMs, operation.tie, seq, () => {});
            queue.push(event);
            waiting.push(event);
          }
          expect(queue.size()).toBe(waiting.length);
        }
        for (const [given, first] of popped) expect(given).toBe(first);
        expect(all(queue)).toEqual(waiting.toSorted(byTimeTieAndSeq));
      }),
    );
  });

  it("keeps its order when events are cancelled", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(aMoment(), fc.boolean()), { minLength: 1, maxLength: 100 }),
        (moments) => {
          const queue = createEventQueue();
          const events = moments.map(([{ atMs, tie }], seq) => new QueuedEvent(atMs, tie, seq, () => {}));
          for (const event of events) queue.push(event);
          for (const [index, [, isCancelled]] of moments.entries()) {
            if (isCancelled) events[index]!.run = undefined;
          }
          expect(all(queue)).toEqual(events.toSorted(byTimeTieAndSeq));
        },
      ),
    );
  });

  it("is empty once cleared", () => {
    const queue = createEventQueue();
    queue.push(new QueuedEvent(1, 0, 1, () => {}));
    queue.clear();
    expect(queue.size()).toBe(0);
    expect(queue.pop()).toBeUndefined();
  });
});

/** Few different values, so that moments and ties meet often. */
function aMoment() {
  return fc.record({
    atMs: fc.constantFrom(0, 0.05, 1, 2, 3, 1_000),
    tie: fc.constantFrom(0, 0.25, 0.5),
  });
}

function anOperation() {
  return fc.oneof({ weight: 2, arbitrary: aMoment() }, { weight: 1, arbitrary: fc.constant("pop" as const) });
}

function byTimeTieAndSeq(a: QueuedEvent, b: QueuedEvent): number {
  return a.atMs - b.atMs || a.tie - b.tie || a.seq - b.seq;
}

function all(queue: ReturnType<typeof createEventQueue>): QueuedEvent[] {
  const events: QueuedEvent[] = [];
  for (let event = queue.pop(); event !== undefined; event = queue.pop()) events.push(event);
  return events;
}
