import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDuration, parseDuration } from "./duration.ts";

describe("parseDuration", () => {
  it.each([
    ["250ms", 250],
    ["1s", 1_000],
    ["0s", 0],
    ["1.5s", 1_500],
    ["1.1s", 1_100],
    ["5m", 300_000],
    ["1h", 3_600_000],
    ["1h5m", 3_900_000],
    ["1h5m2s3ms", 3_902_003],
    ["0.5h", 1_800_000],
    ["90m", 5_400_000],
  ])("reads %s as %d ms", (text, durationMs) => {
    expect(parseDuration(text)).toBe(durationMs);
  });

  it.each([
    "",
    " ",
    "5",
    "s",
    "1",
    "-1s",
    "+1s",
    "1 s",
    " 1s",
    "1s ",
    "1S",
    "1.s",
    ".5s",
    "1d",
    "1us",
    "5m1h",
    "1s1s",
    "1e3s",
    "@every 5m",
    "0.5ms",
    "1.0001s",
    "9007199254740992ms",
    "99999999999999999999h",
  ])("refuses %j", (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it("never throws and never gives anything but whole milliseconds, 0 or more", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9.hms]{0,20}$/)), (text) => {
        const durationMs = parseDuration(text);
        expect(durationMs === undefined || (Number.isSafeInteger(durationMs) && durationMs >= 0)).toBe(true);
      }),
    );
  });
});

describe("formatDuration", () => {
  it.each([
    [0, "0s"],
    [7, "7ms"],
    [250, "250ms"],
    [1_000, "1s"],
    [1_500, "1.5s"],
    [60_000, "1m"],
    [90_000, "1m30s"],
    [3_900_000, "1h5m"],
    [3_600_001, "1h1ms"],
    [86_400_000, "24h"],
    [1_499.6, "1.5s"],
  ])("writes %d ms as %s", (durationMs, text) => {
    expect(formatDuration(durationMs)).toBe(text);
  });

  it("is read back to the same number", () => {
    fc.assert(
      fc.property(fc.oneof(fc.maxSafeNat(), fc.nat(10_000_000)), (durationMs) => {
        expect(parseDuration(formatDuration(durationMs))).toBe(durationMs);
      }),
    );
  });
});
