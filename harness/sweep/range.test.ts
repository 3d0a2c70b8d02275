import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UsageError } from "../errors.ts";
import { PROFILES, type Timing } from "../timing/profile.ts";
import { chooseRange, leadOf, offsetsOf, writeOffset, type RangeFlags } from "./range.ts";

const DEFAULT = PROFILES["default"]?.timing as Timing;
const FAST = PROFILES["fast"]?.timing as Timing;

describe("what was not typed", () => {
  it.each([
    ["sim", DEFAULT, 360_000, { fromMs: -10_000, toMs: 370_000, stepMs: 10_000, precisionMs: 100 }],
    ["sim", FAST, 5_000, { fromMs: -1_000, toMs: 8_000, stepMs: 500, precisionMs: 100 }],
    ["docker", FAST, 5_000, { fromMs: -1_000, toMs: 8_000, stepMs: 1_000, precisionMs: 200 }],
  ] as const)("follows from the engine and the pace: %s", (engine, timing, returnAtMs, range) => {
    expect(chooseRange({}, { engine, timing, returnAtMs })).toEqual(range);
  });
});

describe("what was typed", () => {
  const choose = (flags: RangeFlags) =>
    chooseRange(flags, { engine: "sim", timing: DEFAULT, returnAtMs: 360_000 });

  it("is taken", () => {
    expect(choose({ from: "-1m", to: "4m30s", step: "1s", precision: "5ms" })).toEqual({
      fromMs: -60_000,
      toMs: 270_000,
      stepMs: 1_000,
      precisionMs: 5,
    });
    expect(choose({ from: "0", to: "+1s", step: "1s" })).toMatchObject({ fromMs: 0, toMs: 1_000 });
  });

  const OFFSET = "accepted is a duration after the kill like 4s, 5m or 250ms, before it -10s";
  const DURATION = "accepted is a duration like 250ms, 1s or 1m";
  it.each<[RangeFlags, string]>([
    [{ from: "soon" }, `--from: got "soon", ${OFFSET}`],
    [{ from: "--5s" }, `--from: got "--5s", ${OFFSET}`],
    [{ to: "5" }, `--to: got "5", ${OFFSET}`],
    [{ to: "-20s" }, '--to: got "-20s", accepted is --from (-10s) or later'],
    [{ step: "0s" }, `--step: got "0s", ${DURATION}`],
    [{ step: "-1s" }, `--step: got "-1s", ${DURATION}`],
    [{ step: "1ms" }, '--step: got "1ms", which makes 380001 runs; accepted are up to 10000'],
    [{ precision: "fine" }, `--precision: got "fine", ${DURATION}`],
  ])("is refused if it is nothing: %j", (flags, message) => {
    expect(() => choose(flags)).toThrow(new UsageError(message));
  });
});

describe("the offsets of a range", () => {
  it("are the first, the last, and those between, a step apart", () => {
    const at = { stepMs: 1_000, precisionMs: 1 };
    expect(offsetsOf({ ...at, fromMs: -1_000, toMs: 1_000 })).toEqual([-1_000, 0, 1_000]);
    expect(offsetsOf({ ...at, fromMs: 0, toMs: 1_500 })).toEqual([0, 1_000, 1_500]);
    expect(offsetsOf({ ...at, fromMs: 300, toMs: 300 })).toEqual([300]);
  });

  it("leave no gap wider than a step, whatever the range", () => {
    const ms = fc.integer({ min: -100_000, max: 100_000 });
    fc.assert(
      fc.property(ms, ms, fc.integer({ min: 1, max: 50_000 }), (a, b, stepMs) => {
        const [fromMs, toMs] = [Math.min(a, b), Math.max(a, b)];
        const offsets = offsetsOf({ fromMs, toMs, stepMs, precisionMs: 1 });
        expect([offsets[0], offsets.at(-1)]).toEqual([fromMs, toMs]);
        const gaps = offsets.slice(1).map((offset, index) => offset - offsets[index]!);
        for (const gap of gaps) expect(gap > 0 && gap <= stepMs, `${gap}`).toBe(true);
      }),
    );
  });
});

it("every run begins as long before the kill as the first deployment by itself needs", () => {
  expect([leadOf(DEFAULT), leadOf(FAST)]).toEqual([10_000, 1_000]);
});

it.each([
  [-10_000, "-10s"],
  [0, "0ms"],
  [1_500, "1.5s"],
  [300_000, "5m"],
])("%i ms is written %s", (ms, text) => {
  expect(writeOffset(ms)).toBe(text);
});
