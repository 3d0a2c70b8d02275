import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { someTime } from "../test-kit/some-time.ts";
import { createRandomStreams } from "./random-streams.ts";
import { createVirtualTime, EPOCH_MS } from "./virtual-time.ts";

describe("virtual time", () => {
  it("begins at a fixed moment", () => {
    expect(new Date(EPOCH_MS).toISOString()).toBe("2026-01-01T00:00:00.000Z");
    expect(createVirtualTime(createRandomStreams(1)("ties")).nowMs()).toBe(EPOCH_MS);
  });

  it("goes to each timer and never past it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(aPlan(), { minLength: 1, maxLength: 20 }), async (plans) => {
        const time = someTime();
        const seenMs: number[] = [];
        const follow = ([delayMs, ...rest]: readonly number[]): Promise<void> => {
          if (delayMs === undefined) return Promise.resolve();
          const dueMs = time.nowMs() + delayMs;
          return new Promise((resolve) => {
            time.after(delayMs, () => {
              expect(time.nowMs()).toBe(dueMs);
              seenMs.push(time.nowMs());
              void follow(rest).then(resolve);
            });
          });
        };
        await Promise.all(plans.map(follow));
        expect(seenMs).toEqual(seenMs.toSorted((a, b) => a - b));
        expect(seenMs).toHaveLength(plans.flat().length);
        expect(time.happened()).toBe(seenMs.length);
      }),
      { numRuns: 50 },
    );
  });

  it("takes no time for what is due now, but lets the caller go on first", async () => {
    const time = someTime();
    const order: string[] = [];
    const done = new Promise<void>((resolve) => {
      time.after(0, () => {
        order.push(`task at ${time.sinceMs()}`);
        resolve();
      });
    });
    order.push("caller");
    await Promise.resolve();
    order.push("what the caller had settled");
    await done;
    expect(order).toEqual(["caller", "what the caller had settled", "task at 0"]);
  });

  it("stands still while it is held, and goes on as if nothing had been", async () => {
    const run = async (thinkingTurns: number) => {
      const time = someTime();
      const seen: string[] = [];
      const beat = () => {
        seen.push(`beat ${time.sinceMs()}`);
        if (seen.length < 20) time.after(10, beat);
      };
      time.after(10, beat);
      await time.pass(35);
      if (thinkingTurns > 0) {
        using _hold = time.hold();
        using _another = time.hold();
        for (let turn = 0; turn < thinkingTurns; turn += 1)
          await new Promise((resolve) => {
            setImmediate(resolve);
          });
        seen.push(`held at ${time.sinceMs()}`);
      }
      await time.pass(35);
      return seen.slice(0, 8);
    };
    const held = await run(50);
    expect(held[3]).toBe("held at 35");
    expect(held.toSpliced(3, 1)).toEqual((await run(0)).slice(0, 7));
  });

  it("does not go back for a delay below zero", async () => {
    const time = someTime();
    await time.pass(5);
    await time.pass(-3);
    expect(time.sinceMs()).toBe(5);
  });

  it("keeps fractions of a millisecond", async () => {
    const time = someTime();
    await time.pass(0.25);
    expect(time.sinceMs()).toBe(0.25);
  });

  it("does not run what was cancelled, nor stops at its moment", async () => {
    const time = someTime();
    const seenMs: number[] = [];
    const timers = [1, 2, 3].map((delayMs) => time.after(delayMs, () => seenMs.push(time.sinceMs())));
    timers[1]!.cancel();
    await time.pass(3.5);
    expect(seenMs).toEqual([1, 3]);
    expect(time.happened()).toBe(3);
    timers[0]!.cancel();
  });

  it("lets a task cancel another one of the same moment", async () => {
    const time = someTime();
    let runs = 0;
    const both = [0, 1].map((own) =>
      time.after(1, () => {
        runs += 1;
        both[1 - own]!.cancel();
      }),
    );
    await time.pass(2);
    expect(runs).toBe(1);
  });

  it("stands still until it is started, and after it was stopped", async () => {
    const time = createVirtualTime(createRandomStreams(1)("ties"));
    let runs = 0;
    time.after(1, () => (runs += 1));
    await loopTurns(3);
    expect(runs).toBe(0);
    time.start();
    await loopTurns(3);
    expect(runs).toBe(1);
    time.after(1, () => (runs += 1));
    time.stop();
    time.after(1, () => (runs += 1));
    await loopTurns(3);
    expect(runs).toBe(1);
  });
});

describe("between two events", () => {
  it.each<[string, () => Promise<unknown>]>([
    ["a chain of a thousand awaits", () => manyAwaits(1_000)],
    ["promises in promises", () => nested(200)],
    ["an async generator", () => Array.fromAsync(manyValues(100))],
    ["a response's body", () => new Response('{"items":[]}').text()],
    ["a long body", () => new Response("x".repeat(1_000_000)).text()],
    ["a request's body", () => new Request("http://o:9010/", { method: "POST", body: '{"a":1}' }).json()],
    ["a stream of chunks", () => new Response(ReadableStream.from(manyChunks(20))).text()],
  ])("all is done that needs nothing but its turn: %s", async (_what, work) => {
    const time = someTime();
    const order: string[] = [];
    time.after(1, () => {
      void work().then(() => order.push(`done at ${time.sinceMs()}`));
    });
    time.after(1.05, () => order.push("next event"));
    await time.pass(2);
    expect(order).toEqual(["done at 1", "next event"]);
  });

  it("so is what that work starts", async () => {
    const time = someTime();
    const seenMs: number[] = [];
    time.after(1, () => {
      void manyAwaits(50).then(() => time.after(3, () => seenMs.push(time.sinceMs())));
    });
    for (let at = 2; at < 10; at += 1) time.after(at, () => {});
    await time.pass(10);
    expect(seenMs).toEqual([4]);
  });
});

describe("what happens at the same moment", () => {
  it("is ordered by the seed, and by nothing else", async () => {
    const orders = await Promise.all([1, 2, 3, 4].map(orderOfTen));
    expect(await Promise.all([1, 2, 3, 4].map(orderOfTen))).toEqual(orders);
    expect(new Set(orders.map(String)).size).toBe(4);
  });

  it("comes in either order about as often", async () => {
    let firstCameFirst = 0;
    for (let seed = 1; seed <= 200; seed += 1) {
      const time = someTime(seed);
      const order: number[] = [];
      for (const own of [1, 2]) time.after(1, () => order.push(own));
      await time.pass(2);
      if (order[0] === 1) firstCameFirst += 1;
    }
    expect(firstCameFirst).toBeGreaterThan(70);
    expect(firstCameFirst).toBeLessThan(130);
  });

  async function orderOfTen(seed: number): Promise<number[]> {
    const time = someTime(seed);
    const order: number[] = [];
    for (let own = 0; own < 10; own += 1) time.after(1, () => order.push(own));
    await time.pass(2);
    return order;
  }
});

describe("when an event fails", () => {
  it("time stops, and the error is told", async () => {
    const time = someTime();
    const told: unknown[] = [];
    time.onFailure((error) => told.push(error));
    const defect = new TypeError("cannot read properties of undefined");
    let later = false;
    time.after(1, () => {
      throw defect;
    });
    time.after(2, () => (later = true));
    await loopTurns(5);
    expect(told).toEqual([defect]);
    expect(later).toBe(false);
    expect(time.sinceMs()).toBe(1);
  });

  it("what it had settled before may still ask for time, and gets none", async () => {
    const time = someTime();
    time.onFailure(() => {});
    let later = false;
    time.after(1, () => {
      void manyAwaits(3).then(() => time.after(0, () => (later = true)));
      throw new Error("defect");
    });
    await loopTurns(5);
    expect(later).toBe(false);
  });
});

describe("the real event loop", () => {
  it("has its turns while virtual time is busy", async () => {
    const time = someTime();
    let ticks = 0;
    const beat = (): void => {
      ticks += 1;
      if (ticks < 20_000) time.after(1, beat);
    };
    time.after(1, beat);
    let turns = 0;
    const isBusy = (): boolean => ticks < 20_000;
    while (isBusy()) {
      await loopTurns(1);
      turns += 1;
    }
    expect(turns).toBeGreaterThanOrEqual(20);
  });
});

function aPlan() {
  return fc.array(fc.constantFrom(0, 0.05, 0.3, 1, 1, 15_000), { minLength: 1, maxLength: 5 });
}

async function manyAwaits(count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1) await Promise.resolve();
}

function nested(depth: number): Promise<void> {
  return depth === 0 ? Promise.resolve() : Promise.resolve().then(() => nested(depth - 1));
}

async function* manyValues(count: number): AsyncGenerator<number> {
  for (let value = 0; value < count; value += 1) yield value;
}

async function* manyChunks(count: number): AsyncGenerator<Uint8Array> {
  for await (const value of manyValues(count)) yield new TextEncoder().encode(`${value}\n`);
}

async function loopTurns(count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1) {
    await new Promise<void>((resolve) => void setImmediate(resolve));
  }
}
