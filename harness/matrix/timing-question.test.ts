import { describe, expect, it } from "vitest";
import { timingAnswerLines } from "../report/timing-answer.ts";
import type { Result } from "../report/result.ts";
import { aCell, aJudgedCell, aTiming, HELD, UNKNOWN } from "../test-kit/a-cell.ts";
import type { CellOutcome, TimingChoice } from "./cell.ts";
import { askAboutTiming } from "./timing-question.ts";

type Row = Readonly<Record<string, Partial<Result>>>;

const L1: Partial<Result> = { verdict: "violated", loss: "L1" };
const L2: Partial<Result> = { verdict: "violated", loss: "L2" };
const BATCH = aTiming("batch-1s");
const COMMAND = "pnpm repro matrix …";

describe("whether one knob is the culprit", () => {
  it.each([
    ["no, if everything is violated as before", { a: L1, b: L2 }, { a: L1, b: L2 }, "no"],
    ["no, even if it is by another loss", { a: L1 }, { a: L2 }, "no"],
    ["yes, if everything then holds", { a: L1, b: L2 }, { a: HELD, b: HELD }, "yes"],
    ["partly, if some of it does", { a: L1, b: L2 }, { a: HELD, b: L2 }, "partly"],
    ["unclear, if a run could not tell before", { a: UNKNOWN, b: L2 }, { a: L1, b: L2 }, "unclear"],
    ["unclear, if a run could not tell after", { a: L1, b: L2 }, { a: UNKNOWN, b: L2 }, "unclear"],
    ["unclear, if nothing is violated", { a: HELD }, { a: HELD }, "unclear"],
  ] as const)("%s", (_what, before, after, says) => {
    const answers = askAboutTiming([...row(before), ...row(after, BATCH)], ["a"]);
    expect(answers).toMatchObject([
      { knob: "reevaluationBatch", timing: "batch-1s", from: 15_000, to: 1_000, says },
    ]);
  });

  it("is asked of what is violated only: what holds anyway says nothing", () => {
    const [answer] = askAboutTiming([...row({ a: L1, b: HELD }), ...row({ a: L1, b: L2 }, BATCH)], ["a"]);
    expect(answer?.pairs.map(({ before }) => before.scenario)).toEqual(["a"]);
  });

  it("is asked without a fix only", () => {
    const fixed = [
      aJudgedCell(aCell({ id: "a", fix: "pull" }), L1),
      aJudgedCell(aCell({ id: "a", fix: "pull", timing: BATCH }), HELD),
    ];
    expect(askAboutTiming(fixed, [])).toEqual([]);
    expect(askAboutTiming([...fixed, ...row({ a: L1 }), ...row({ a: L1 }, BATCH)], ["a"])).toMatchObject([
      { says: "no" },
    ]);
  });

  it("has an answer for every pace that changes one knob, also one of the user's", () => {
    const mine = aTiming("./mine.yaml", { dataPlaneSetup: 10 });
    const cells = [
      ...row({ a: L1 }),
      ...row({ a: L1 }, BATCH),
      ...row({ a: HELD }, mine),
      ...row({ a: L1 }, aTiming("heartbeat-1s")),
    ];
    expect(askAboutTiming(cells, ["a"]).map(({ knob, says }) => `${knob} ${says}`)).toEqual([
      "reevaluationBatch no",
      "dataPlaneSetup yes",
      "heartbeat no",
    ]);
  });

  it.each([
    ["there is no default pace to compare with", [...row({ a: L1 }, BATCH)]],
    ["there is no pace that changes one knob", [...row({ a: L1 }), ...row({ a: HELD }, aTiming("fast"))]],
    ["a scenario that is needed was not run before", [...row({ b: L1 }), ...row({ a: L1, b: L1 }, BATCH)]],
    ["a scenario that is needed was not run after", [...row({ a: L1, b: L1 }), ...row({ b: L1 }, BATCH)]],
    [
      "a scenario that is needed was not run to its end",
      [
        ...row({ a: L1 }),
        {
          cell: aCell({ id: "a", timing: BATCH }),
          ended: { kind: "not-run", because: "interrupted" },
        } as const,
      ],
    ],
  ])("has no answer where %s", (_what, cells) => {
    expect(askAboutTiming(cells, ["a"])).toEqual([]);
  });
});

describe("the answer, for people", () => {
  const told = (before: Row, after: Row) =>
    timingAnswerLines(askAboutTiming([...row(before), ...row(after, BATCH)], ["a"]), COMMAND);

  it("says what stays violated, and that it is for the same reason", () => {
    expect(told({ a: L1, b: L2 }, { a: L1, b: L2 })).toEqual([
      "Is reevaluationBatch=15s the culprit, as seed 001 asks? No: all 2 violated scenarios stay so, by the same loss.",
      "  with reevaluationBatch=1s and everything else as by default (batch-1s):",
      "    a: violated L1 → violated L1",
      "    b: violated L2 → violated L2",
    ]);
  });

  it.each([
    ["another loss", { a: L1 }, { a: L2 }, "No: the one violated scenario stays so."],
    ["a cure", { a: L1, b: L1 }, { a: HELD, b: HELD }, "Yes: with 1s all 2 violated scenarios would hold."],
    ["half a cure", { a: L1, b: L1 }, { a: HELD, b: L1 }, "Partly: with 1s 1 of 2 would hold."],
    ["doubt", { a: L1 }, { a: UNKNOWN }, "Unclear: a run could not tell."],
    [
      "nothing",
      { a: HELD },
      { a: HELD },
      "Nothing is violated at the default pace, so there is nothing to explain.",
    ],
  ] as const)("of %s", (_what, before, after, words) => {
    expect(told(before, after)[0]).toBe(`Is reevaluationBatch=15s the culprit, as seed 001 asks? ${words}`);
  });

  it("names the command that answers where this matrix does not", () => {
    const unanswered = [
      "Is reevaluationBatch the culprit, as seed 001 asks? This matrix cannot tell; this answers it:",
      `  ${COMMAND}`,
    ];
    expect(timingAnswerLines([], COMMAND)).toEqual(unanswered);
    const other = askAboutTiming([...row({ a: L1 }), ...row({ a: L1 }, aTiming("heartbeat-1s"))], ["a"]);
    expect(timingAnswerLines(other, COMMAND)).toEqual([
      "Is heartbeat=15s the culprit? No: the one violated scenario stays so, by the same loss.",
      "  with heartbeat=1s and everything else as by default (heartbeat-1s):",
      "    a: violated L1 → violated L1",
      ...unanswered,
    ]);
  });
});

function row(results: Row, timing: TimingChoice = aTiming("default")): CellOutcome[] {
  return Object.entries(results).map(([id, result]) => aJudgedCell(aCell({ id, timing }), result));
}
