import { describe, expect, it } from "vitest";
import type { LogSequence } from "../systems/system.ts";
import { aLog, aStep, aTimeline, type Moment } from "../test-kit/a-timeline.ts";
import { findSequences } from "./sequence.ts";

const SENT: LogSequence = {
  name: "sent-and-lost",
  source: "seed 002",
  means: "Sent, and never received.",
  about: "execution_id",
  steps: ["attempt", "publish"],
  neverAfter: ["receive"],
};

describe("a sequence of log lines", () => {
  it("is found where its steps follow each other, and says what it is about and where", () => {
    const timeline = aTimeline([aStep(), line("attempt", "e-1"), line("publish", "e-1")]);
    expect(findSequences(timeline, [SENT])).toEqual([
      {
        name: "sent-and-lost",
        means: "Sent, and never received.",
        source: "seed 002",
        about: "e-1",
        at: [2, 3],
      },
    ]);
  });

  it("may have other lines between its steps", () => {
    expect(placesOf(["attempt e-1", "handshake e-1", "publish e-1"])).toEqual({ "e-1": [1, 3] });
  });

  it.each([
    ["a step is missing", ["attempt e-1"]],
    ["the steps come in another order", ["publish e-1", "attempt e-1"]],
    ["the steps are of different executions", ["attempt e-1", "publish e-2"]],
    ["the lines do not say what they are about", ["attempt ", "publish "]],
    ["there are no lines", []],
  ])("is not found where %s", (_why, lines) => {
    expect(placesOf(lines)).toEqual({});
  });

  it("is found once for each execution, however their lines are mixed", () => {
    expect(placesOf(["attempt e-1", "attempt e-2", "publish e-2", "publish e-1"])).toEqual({
      "e-1": [1, 4],
      "e-2": [2, 3],
    });
  });

  it("counts by its last run", () => {
    expect(placesOf(["attempt e-1", "publish e-1", "attempt e-1", "publish e-1"])).toEqual({ "e-1": [3, 4] });
  });
});

describe("what must not come afterwards", () => {
  it("undoes the sequence", () => {
    expect(placesOf(["attempt e-1", "publish e-1", "receive e-1"])).toEqual({});
  });

  it("is only what comes after the last step", () => {
    expect(placesOf(["receive e-1", "attempt e-1", "receive e-1", "publish e-1"])).toEqual({ "e-1": [2, 4] });
  });

  it("does not undo that of another execution", () => {
    expect(placesOf(["attempt e-1", "publish e-1", "receive e-2"])).toEqual({ "e-1": [1, 2] });
  });

  it("does not undo a later run", () => {
    const lines = ["attempt e-1", "publish e-1", "receive e-1", "attempt e-1", "publish e-1"];
    expect(placesOf(lines)).toEqual({ "e-1": [4, 5] });
  });
});

it("follows the clock, not the order in which the machines' lines arrived", () => {
  const timeline = aTimeline([
    { ...line("publish", "e-1"), atMs: 20 },
    { ...line("attempt", "e-1"), atMs: 10 },
  ]);
  expect(findSequences(timeline, [SENT])).toMatchObject([{ about: "e-1", at: [2, 1] }]);
});

it("finds several sequences in one record, each by its own field", () => {
  const seen: LogSequence = { ...SENT, name: "seen", about: "job_id", steps: ["check"], neverAfter: [] };
  const timeline = aTimeline([
    line("attempt", "e-1"),
    line("publish", "e-1"),
    aLog("check", { fields: { job_id: "j-1", execution_id: "e-9" } }),
  ]);
  const found = findSequences(timeline, [SENT, seen]);
  expect(found.map(({ name, about }) => [name, about])).toEqual([
    ["sent-and-lost", "e-1"],
    ["seen", "j-1"],
  ]);
});

function line(pattern: string, execution: string): Moment {
  return aLog(pattern, { fields: { execution_id: execution } });
}

/** Where the sequence is found in such lines, by execution. */
function placesOf(lines: readonly string[]): Record<string, readonly number[]> {
  const timeline = aTimeline(
    lines.map((text) => {
      const [pattern = "", execution = ""] = text.split(" ");
      return line(pattern, execution);
    }),
  );
  return Object.fromEntries(findSequences(timeline, [SENT]).map(({ about, at }) => [about, at]));
}
