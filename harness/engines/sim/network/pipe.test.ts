import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { someTime } from "../test-kit/some-time.ts";
import { createPipe } from "./pipe.ts";

describe("a pipe", () => {
  it("delivers everything once, in order, later than it was sent and on a grid of 50 µs", async () => {
    const aMessage = fc.record({ gapMs: fc.constantFrom(0, 0, 0.01, 0.3, 5), latencyMs: aLatency() });
    await fc.assert(
      fc.asyncProperty(fc.array(aMessage, { maxLength: 40 }), async (messages) => {
        const latencies = messages.map(({ latencyMs }) => latencyMs);
        const { time, pipe, arrivals } = aPipe({ latencyMs: () => latencies.shift() ?? 1 });
        const sentMs: number[] = [];
        for (const [index, { gapMs }] of messages.entries()) {
          await time.pass(gapMs);
          sentMs.push(time.nowMs());
          pipe.send(index);
        }
        await time.pass(10);
        expect(arrivals.map(({ message }) => message)).toEqual(messages.map((_, index) => index));
        for (const [index, { atMs }] of arrivals.entries()) {
          expect(atMs).toBeGreaterThan(sentMs[index]!);
          expect(Math.abs(atMs * 20 - Math.round(atMs * 20))).toBeLessThan(0.01);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("hands over what arrives together in one event", async () => {
    const { time, pipe, arrivals } = aPipe();
    const before = time.happened();
    for (const message of ["a", "b", "c"]) pipe.send(message);
    await time.pass(5);
    expect(arrivals.map(({ message }) => message)).toEqual(["a", "b", "c"]);
    expect(new Set(arrivals.map(({ atMs }) => atMs)).size).toBe(1);
    // The arrival, and the end of the wait.
    expect(time.happened() - before).toBe(2);
  });

  it("tells of its end after what was sent before, and takes nothing after it", async () => {
    const { time, pipe, heard } = aPipe();
    pipe.send("last");
    pipe.end();
    pipe.send("too late");
    pipe.end();
    await time.pass(5);
    expect(heard).toEqual(["last", "end: left"]);
  });

  it("loses what is on its way when its receiver is gone", async () => {
    const { time, pipe, heard } = aPipe();
    pipe.send("lost");
    pipe.drop();
    pipe.send("lost, too");
    pipe.end();
    await time.pass(5);
    expect(heard).toEqual([]);
  });

  it("stops in the middle of what has arrived together, if the receiver leaves at one of them", async () => {
    const { time, pipe, heard } = aPipe({ onMessage: (message) => message === "leave" && pipe.drop() });
    for (const message of ["a", "leave", "b"]) pipe.send(message);
    await time.pass(5);
    expect(heard).toEqual(["a", "leave"]);
  });

  it("tells a receiver that gives up that it was silent, and nothing more", async () => {
    const { time, pipe, heard } = aPipe();
    pipe.send("lost");
    pipe.giveUp();
    expect(heard).toEqual(["end: silent"]);
    await time.pass(5);
    expect(heard).toEqual(["end: silent"]);
  });
});

describe("a pipe whose way is cut", () => {
  it("holds back what is sent, and delivers all of it, in order, with the first retry after the heal", async () => {
    const { time, pipe, way, arrivals } = aPipe();
    way.isFree = false;
    pipe.send("at 0");
    await time.pass(1_500);
    pipe.send("at 1.5 s");
    await time.pass(500);
    expect(arrivals).toEqual([]);
    way.isFree = true;
    pipe.release();
    await time.pass(100);
    pipe.send("after the heal");
    await time.pass(899);
    expect(arrivals).toEqual([]);
    await time.pass(5);
    expect(arrivals.map(({ message }) => message)).toEqual(["at 0", "at 1.5 s", "after the heal"]);
    for (const { sinceMs } of arrivals) expect(sinceMs).toBeCloseTo(3_001, 1);
  });

  it("sends again what was on its way as the cut came", async () => {
    const { time, pipe, way, arrivals } = aPipe();
    pipe.send("on its way");
    await time.pass(0.5);
    way.isFree = false;
    pipe.send("afterwards");
    await time.pass(99.5);
    expect(arrivals).toEqual([]);
    way.isFree = true;
    pipe.release();
    await time.pass(200);
    expect(arrivals.map(({ message }) => message)).toEqual(["on its way", "afterwards"]);
    for (const { sinceMs } of arrivals) expect(sinceMs).toBeCloseTo(201, 1);
  });

  it("delivers nothing into a second cut, though the first one has healed", async () => {
    const { time, pipe, way, arrivals } = aPipe();
    way.isFree = false;
    pipe.send("held");
    await time.pass(1_000);
    way.isFree = true;
    pipe.release();
    await time.pass(100);
    way.isFree = false;
    await time.pass(1_000);
    expect(arrivals).toEqual([]);
    way.isFree = true;
    pipe.release();
    await time.pass(2_000);
    expect(arrivals.map(({ message }) => message)).toEqual(["held"]);
  });

  it("is not freed by a release alone", async () => {
    const { time, pipe, way, arrivals } = aPipe();
    way.isFree = false;
    pipe.send("held");
    pipe.release();
    await time.pass(60_000);
    expect(arrivals).toEqual([]);
  });

  it("holds its end back as well", async () => {
    const { time, pipe, way, heard } = aPipe();
    way.isFree = false;
    pipe.send("last");
    pipe.end();
    await time.pass(1_000);
    expect(heard).toEqual([]);
    way.isFree = true;
    pipe.release();
    await time.pass(1_000);
    expect(heard).toEqual(["last", "end: left"]);
  });
});

function aLatency() {
  return fc.double({ min: 0.02, max: 3, noNaN: true });
}

function aPipe(
  at: { readonly latencyMs?: () => number; readonly onMessage?: (message: unknown) => void } = {},
) {
  const time = someTime();
  const way = { isFree: true };
  const heard: unknown[] = [];
  const arrivals: { readonly message: unknown; readonly atMs: number; readonly sinceMs: number }[] = [];
  const pipe = createPipe(time, at.latencyMs ?? (() => 1), { isFree: () => way.isFree, onEnded: () => {} });
  pipe.onMessage((message) => {
    heard.push(message);
    arrivals.push({ message, atMs: time.nowMs(), sinceMs: time.sinceMs() });
    at.onMessage?.(message);
  });
  pipe.onEnd((why) => heard.push(`end: ${why}`));
  return { time, pipe, way, heard, arrivals };
}
