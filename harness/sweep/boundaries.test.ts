import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boundariesOf, nextOffsets, stretchesOf, type SweepSample } from "./boundaries.ts";
import type { Landmark, LandmarkName } from "./landmarks.ts";

const TAKES_MS = 66;

describe("where to deploy next", () => {
  it("is in the middle between neighbours that came out differently, minus what the command takes", () => {
    expect(nextOffsets(samples({ 0: "held", 1_000: "violated L1", 2_000: "violated L1" }), 100)).toEqual([
      500 - TAKES_MS,
    ]);
  });

  it("is nowhere once every change is known well enough", () => {
    expect(nextOffsets(samples({ 0: "held", 100: "violated L1" }), 100)).toEqual([]);
    expect(nextOffsets(samples({ 0: "held", 101: "violated L1" }), 100)).toEqual([50 - TAKES_MS + 1]);
    expect(nextOffsets(samples({ 0: "held", 9_000: "held" }), 100)).toEqual([]);
    expect(nextOffsets([], 100)).toEqual([]);
  });

  it("is never where it was asked already: a simulation would only say the same again", () => {
    const between = samples({ 0: "held", 1_000: "violated L1" });
    // On a busy machine it was dispatched much later than it was asked for.
    const late = { askedMs: 500 - TAKES_MS, atMs: 3_000, outcome: "violated L1", landmarks: [] };
    expect(nextOffsets(between, 100)).toEqual([late.askedMs]);
    expect(nextOffsets([...between, late], 100)).toEqual([]);
  });

  it("finds every change of any window to the precision, however wide the first steps", () => {
    const cut = fc.integer({ min: 1, max: 99_999 });
    fc.assert(
      fc.property(
        fc.uniqueArray(cut, { minLength: 0, maxLength: 4 }),
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 0, max: 200 }),
        (cuts, precisionMs, takesMs) => {
          const edges = cuts.toSorted((a, b) => a - b);
          // A stretch that is shorter than the precision may be stepped over.
          fc.pre(edges.every((edge, index) => index === 0 || edge - edges[index - 1]! > precisionMs));
          const run = (askedMs: number): SweepSample => {
            const atMs = askedMs + takesMs;
            const outcome = `stretch ${edges.filter((edge) => atMs >= edge).length}`;
            return {
              askedMs,
              atMs,
              outcome,
              landmarks: [{ name: "killed", atMs: 0, message: "", line: "" }],
            };
          };
          const all = [-takesMs, 100_000].map(run);
          for (
            let next = nextOffsets(all, precisionMs);
            next.length > 0;
            next = nextOffsets(all, precisionMs)
          )
            all.push(...next.map(run));
          const found = boundariesOf(all);
          for (const { afterMs, byMs } of found) {
            expect(byMs - afterMs).toBeLessThanOrEqual(precisionMs + 1);
            expect(edges.some((edge) => afterMs < edge && edge <= byMs)).toBe(true);
          }
          expect(found).toHaveLength(edges.length);
        },
      ),
    );
  });
});

describe("a boundary", () => {
  it("lies between two runs, and is compared with the nearest line that both have logged", () => {
    const lines: Partial<Record<LandmarkName, number>> = { killed: 0, disconnected: 3_040, handshake: 5_000 };
    expect(boundariesOf(samples({ 2_990: "violated L1", 3_070: "violated L2" }, lines))).toEqual([
      {
        from: "violated L1",
        to: "violated L2",
        afterMs: 2_990,
        byMs: 3_070,
        line: aLandmark("disconnected", 3_040),
        apartMs: 50,
      },
    ]);
  });

  it("is measured against each run's own line, where these differ", () => {
    const [before] = samples({ 2_990: "violated L1" }, { disconnected: 3_000 });
    const [after] = samples({ 3_070: "violated L2" }, { disconnected: 2_500 });
    expect(boundariesOf([after!, before!])).toMatchObject([
      { line: { name: "disconnected", atMs: 2_500 }, apartMs: 570 },
    ]);
  });

  it("is none where nothing changes", () => {
    expect(boundariesOf(samples({ 0: "held", 1_000: "held" }))).toEqual([]);
  });
});

it("a stretch is all neighbours of one outcome, in order of the dispatch", () => {
  expect(
    stretchesOf(samples({ 2_000: "held", 0: "held", 1_000: "violated L1", 500: "violated L1" })),
  ).toEqual([
    { outcome: "held", fromMs: 0, toMs: 0, runs: 1 },
    { outcome: "violated L1", fromMs: 500, toMs: 1_000, runs: 2 },
    { outcome: "held", fromMs: 2_000, toMs: 2_000, runs: 1 },
  ]);
});

/** By the moment of their dispatch; each was asked for a little earlier. */
function samples(
  outcomes: Readonly<Record<number, string>>,
  lines: Partial<Record<LandmarkName, number>> = { killed: 0 },
): SweepSample[] {
  const landmarks = Object.entries(lines).map(([name, atMs]) => aLandmark(name as LandmarkName, atMs));
  return Object.entries(outcomes).map(([at, outcome]) => ({
    askedMs: Number(at) - TAKES_MS,
    atMs: Number(at),
    outcome,
    landmarks,
  }));
}

function aLandmark(name: LandmarkName, atMs: number): Landmark {
  return { name, atMs, message: `${name}!`, line: `${atMs} ${name}!` };
}
