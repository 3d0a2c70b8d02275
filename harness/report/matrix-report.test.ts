import chalk from "chalk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isJudged, type CellOutcome } from "../matrix/cell.ts";
import { aCell, aJudgedCell, aTiming, HELD } from "../test-kit/a-cell.ts";
import { matrixJson, matrixMarkdown, matrixText, notRunLines, type MatrixFindings } from "./matrix-report.ts";

const level = chalk.level;
beforeAll(() => void (chalk.level = 0));
afterAll(() => void (chalk.level = level));

const SURPRISE = {
  ...HELD,
  expected: "violated L1",
  asExpected: false,
  because: "it runs",
  replay: "pnpm repro node-lost --fix pull",
};
const HOUR: CellOutcome["ended"] = { kind: "not-run", because: "it takes an hour" };
const OUTCOMES: readonly CellOutcome[] = [
  aJudgedCell(aCell({ id: "headline" })),
  aJudgedCell(aCell({ id: "node-lost", fix: "pull" }), SURPRISE, "/tmp/cells/node-lost"),
  { cell: aCell({ id: "scale-up" }), ended: HOUR },
  { cell: aCell({ id: "scale-up", fix: "pull" }), ended: HOUR },
  {
    cell: aCell({ id: "scale-down", timing: aTiming("fast") }),
    ended: { kind: "not-run", because: "interrupted" },
  },
];

it("as JSON is the results, how many are not as expected, how long it took, and nothing else", () => {
  expect(matrixJson(findings())).toEqual({
    cells: OUTCOMES.filter(isJudged).map(({ ended }) => ended.result),
    unexpected: 1,
    wallMs: 1_234,
  });
});

it("as JSON says which part it is, and that it was interrupted, where that is so", () => {
  const part = { ...findings(), shard: "1/4", interrupted: 3 };
  expect(matrixJson(part)).toMatchObject({ shard: "1/4", interrupted: 3, unexpected: 1 });
});

describe("in a terminal", () => {
  it("what is not as expected is told below the tables, with the command that repeats it", () => {
    const lines = matrixText(findings(), 100);
    expect(lines[0]).toBe("matrix   simulation · seed 1");
    expect(lines.slice(lines.indexOf("node-lost · timing default · fix pull"))).toEqual([
      "node-lost · timing default · fix pull",
      "  expected violated L1, seen held: it runs",
      "  report   /tmp/cells/node-lost",
      "  replay   pnpm repro node-lost --fix pull",
      "",
      "2 not run, it takes an hour: scale-up",
      "",
      "1 not run, interrupted: scale-down",
      "",
      "Is it the batch? No.",
      "",
      "2 cells run, 1 not as expected, 3 not run, 1.2 s",
    ]);
  });

  it("ends with one line where all is well", () => {
    const lines = matrixText(findings(OUTCOMES.slice(0, 1)), 100);
    expect(lines.at(-1)).toBe("1 cell run, all as expected, 1.2 s");
    expect(lines.join("\n")).not.toMatch(/replay|not run,/);
  });

  it("does not call it well when nothing was run", () => {
    expect(matrixText(findings(OUTCOMES.slice(2, 3)), 100).at(-1)).toBe("0 cells run, 1 not run, 1.2 s");
  });
});

it("as Markdown has a section for each, and none that is empty", () => {
  const all = matrixMarkdown(findings());
  expect(all.filter((line) => line.startsWith("#"))).toEqual([
    "# Matrix",
    "## Not as expected",
    "## Not run here",
    "## Timing as a hypothesis",
  ]);
  expect(all).toContain("simulation · seed 1. 2 cells run, 1 not as expected, 3 not run, 1.2 s.");
  expect(all).toContain(
    "- **node-lost**, timing default, fix pull: expected violated L1, seen held: it runs\n" +
      "  report: `/tmp/cells/node-lost`\n" +
      "  replay: `pnpm repro node-lost --fix pull`",
  );
  expect(all).toContain("- 2 not run, it takes an hour: scale-up");
  expect(matrixMarkdown(findings(OUTCOMES.slice(0, 1))).filter((line) => line.startsWith("#"))).toEqual([
    "# Matrix",
    "## Timing as a hypothesis",
  ]);
});

it("what was not run is told by its reason", () => {
  expect(notRunLines(OUTCOMES)).toEqual([
    "2 not run, it takes an hour: scale-up",
    "1 not run, interrupted: scale-down",
  ]);
});

function findings(outcomes = OUTCOMES): MatrixFindings {
  return { setting: "simulation · seed 1", outcomes, timing: ["Is it the batch? No."], wallMs: 1_234 };
}
