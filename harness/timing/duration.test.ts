import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDuration, sayDuration, writeDuration } from "./duration.ts";

const A_YEAR_MS = 365 * 24 * 3_600_000;

describe("a duration in a file or an option", () => {
  it.each([
    ["250ms", 250],
    ["1s", 1_000],
    ["1.5s", 1_500],
    ["1.001s", 1_001],
    ["0.1s", 100],
    ["5m", 300_000],
    ["1h5m", 3_900_000],
    ["1h0m2s3ms", 3_602_003],
    ["0s", 0],
    [" 2s ", 2_000],
  ])("%j is %i ms", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    "",
    " ",
    "1",
    "s",
    "1 s",
    "-1s",
    "1d",
    "1s!",
    "x1s",
    "1,5s",
    "0.5ms",
    "1.0005s",
    "1e3ms",
    "9".repeat(20) + "h",
  ])("%j is none", (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it("is read back as it was written", () => {
    fc.assert(
      fc.property(fc.oneof(fc.nat(100_000), fc.nat(A_YEAR_MS)), (ms) => {
        expect(parseDuration(writeDuration(ms))).toBe(ms);
      }),
      { numRuns: 2_000 },
    );
  });

  it("is refused rather than misread, whatever the text", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const ms = parseDuration(text);
        expect(ms === undefined || (Number.isSafeInteger(ms) && ms >= 0)).toBe(true);
      }),
    );
  });

  it.each([
    [0, "0ms"],
    [250, "250ms"],
    [1_000, "1s"],
    [1_500, "1.5s"],
    [61_000, "61s"],
    [300_000, "5m"],
    [3_600_000, "1h"],
    [3_900_000, "65m"],
  ])("%i ms is written %s", (ms, text) => {
    expect(writeDuration(ms)).toBe(text);
  });
});

describe("a duration as a person would say it", () => {
  it.each([
    [0, "0 ms"],
    [250.4, "250 ms"],
    [999, "999 ms"],
    [999.6, "1.0 s"],
    [1_000, "1.0 s"],
    [6_240, "6.2 s"],
    [59_940, "59.9 s"],
    [59_960, "1 min"],
    [60_000, "1 min"],
    [303_000, "5 min 3 s"],
    [3_599_600, "1 h"],
    [3_900_000, "1 h 5 min"],
  ])("%d ms is %j", (ms, said) => {
    expect(sayDuration(ms)).toBe(said);
  });
});
