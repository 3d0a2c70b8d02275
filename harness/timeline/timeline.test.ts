import { describe, expect, it } from "vitest";
import { aFault, aLog, aStep, aTimeline } from "../test-kit/a-timeline.ts";
import { clockTime } from "./clock-time.ts";
import type { Entry } from "./entry.ts";
import { createTimelineRecorder, logged, ofKind } from "./timeline.ts";

describe("the record of a run", () => {
  it("numbers entries as they arrive, and keeps them in order of time", () => {
    const timeline = aTimeline([aStep({ atMs: 30 }), aLog("late", { atMs: 10 }), aStep({ atMs: 20 })]);
    expect(timeline.map(({ seq, atMs }) => [seq, atMs])).toEqual([
      [2, 10],
      [3, 20],
      [1, 30],
    ]);
  });

  it("keeps what happened at the same moment in order of arrival", () => {
    const timeline = aTimeline([
      aStep({ atMs: 5 }),
      aLog("a", { atMs: 1 }),
      aStep({ atMs: 5 }),
      aLog("b", { atMs: 5 }),
    ]);
    expect(timeline.map(({ seq }) => seq)).toEqual([2, 1, 3, 4]);
  });

  it("stays in order when it is read in between", () => {
    const recorder = createTimelineRecorder(() => {});
    recorder.record(20, { kind: "streams-read", upToMs: 20 });
    recorder.record(10, { kind: "streams-read", upToMs: 10 });
    expect(recorder.entries().map(({ atMs }) => atMs)).toEqual([10, 20]);
    recorder.record(15, { kind: "streams-read", upToMs: 15 });
    expect(recorder.entries().map(({ atMs }) => atMs)).toEqual([10, 15, 20]);
    expect(recorder.record(1, { kind: "streams-read", upToMs: 1 }).seq).toBe(4);
  });

  it("tells every entry once, as it is recorded", () => {
    const told: Entry[] = [];
    const recorder = createTimelineRecorder((entry) => told.push(entry));
    const entry = recorder.record(7, { kind: "streams-read", upToMs: 7 });
    expect(told).toEqual([entry]);
    expect(entry).toEqual({ seq: 1, atMs: 7, kind: "streams-read", upToMs: 7 });
  });
});

it("is asked by kind, and for the lines of one pattern", () => {
  const timeline = aTimeline([aStep(), aLog("a"), aFault(), aLog("b"), aLog("a", { machine: "edge1" })]);
  expect(ofKind(timeline, "fault").map(({ fault }) => fault)).toEqual(["kill"]);
  expect(logged(timeline, "a").map(({ machine }) => machine)).toEqual(["orchestrator", "edge1"]);
});

it.each([
  [0, "0.0s"],
  [2_374, "2.4s"],
  [599_999, "600.0s"],
  [600_000, "600s"],
  [86_463_500, "86464s"],
])("%i ms into a run is told as %s", (atMs, told) => {
  expect(clockTime({ atMs })).toBe(told);
});
