import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { spreadOf, wilsonInterval } from "./statistics.ts";

describe("Wilson's interval", () => {
  // The first four are the examples of R. G. Newcombe, Statistics in Medicine 17 (1998), 857.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
    [50, 50, 0.9287, 1],
    [1, 1, 0.2065, 1],
  ])("of %i in %i is %d to %d", (hits, runs, from, to) => {
    const interval = wilsonInterval(hits, runs);
    expect(interval.from).toBeCloseTo(from, 4);
    expect(interval.to).toBeCloseTo(to, 4);
  });

  it("says nothing without a run", () => {
    expect(wilsonInterval(0, 0)).toEqual({ from: 0, to: 1 });
  });

  it("lies within 0 and 1, has the rate in it, and narrows with more of the same", () => {
    const counts = fc.integer({ min: 1, max: 10_000 }).chain((n) => fc.tuple(fc.nat(n), fc.constant(n)));
    fc.assert(
      fc.property(counts, ([hits, runs]) => {
        const { from, to } = wilsonInterval(hits, runs);
        expect(from).toBeGreaterThanOrEqual(0);
        expect(to).toBeLessThanOrEqual(1);
        expect(from).toBeLessThanOrEqual(hits / runs);
        expect(to).toBeGreaterThanOrEqual(hits / runs);
        const more = wilsonInterval(hits * 4, runs * 4);
        expect(more.to - more.from).toBeLessThan(to - from);
      }),
    );
  });
});

describe("the spread", () => {
  it("of one value is that value", () => {
    expect(spreadOf([7])).toEqual({ min: 7, median: 7, p95: 7, max: 7 });
  });

  it("of an even number has its median half-way", () => {
    expect(spreadOf([4, 1, 3, 2])).toEqual({ min: 1, median: 2.5, p95: 4, max: 4 });
  });

  it("of a hundred has its p95 at the ninety-fifth, in whatever order they come", () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(spreadOf(values)).toEqual({ min: 1, median: 50.5, p95: 95, max: 100 });
    expect(spreadOf(values.slice(0, 20)).p95).toBe(99);
  });
});
