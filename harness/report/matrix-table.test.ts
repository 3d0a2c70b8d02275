import chalk from "chalk";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aCell, aJudgedCell, aTiming, HELD, UNKNOWN } from "../test-kit/a-cell.ts";
import type { CellOutcome } from "../matrix/cell.ts";
import { cellText, matrixTables, tableLines, tableMarkdown } from "./matrix-table.ts";

const level = chalk.level;
beforeAll(() => void (chalk.level = 0));
afterAll(() => void (chalk.level = level));

const ID = "deploy-in-disconnect-window";
const OUTCOMES: readonly CellOutcome[] = [
  aJudgedCell(aCell({ id: ID }), { loss: "L1" }),
  aJudgedCell(aCell({ id: ID, fix: "pull" }), { loss: "L2", asExpected: false }),
  aJudgedCell(aCell({ id: "node-lost" }), HELD),
  aJudgedCell(aCell({ id: "node-lost", fix: "pull" }), UNKNOWN),
  { cell: aCell({ id: ID, timing: aTiming("fast") }), ended: { kind: "not-run", because: "interrupted" } },
  aJudgedCell(aCell({ id: ID, fix: "pull", timing: aTiming("fast") }), HELD),
];

describe("a cell", () => {
  it.each([
    ["H", aJudgedCell(aCell(), HELD)],
    ["H!", aJudgedCell(aCell(), { ...HELD, asExpected: false })],
    ["V L1", aJudgedCell(aCell(), { loss: "L1" })],
    ["V L2!", aJudgedCell(aCell(), { loss: "L2", asExpected: false })],
    ["V!", aJudgedCell(aCell(), { loss: null, asExpected: false })],
    ["?!", aJudgedCell(aCell(), UNKNOWN)],
    ["n/a", { cell: aCell(), ended: { kind: "not-run", because: "it takes an hour" } } as const],
    ["·", undefined],
  ])("is %s", (text, outcome) => {
    expect(cellText(outcome)).toBe(text);
  });
});

describe("in a terminal", () => {
  it("each timing is a table, a row a scenario, a column a fix", () => {
    expect(matrixTables(OUTCOMES).flatMap((table) => tableLines(table, 80))).toEqual([
      "",
      "timing default               none  pull",
      "deploy-in-disconnect-window  V L1  V L2!",
      "node-lost                    H     ?!",
      "",
      "timing fast                  none  pull",
      "deploy-in-disconnect-window  n/a   H",
    ]);
  });

  it("a cell that belongs to another shard leaves its place", () => {
    const [table] = matrixTables(OUTCOMES.slice(1, 3));
    expect(tableLines(table!, 80).slice(1)).toEqual([
      "timing default               pull   none",
      "deploy-in-disconnect-window  V L2!  ·",
      "node-lost                    ·      H",
    ]);
  });

  it("columns move closer where that makes them fit, and go below where it does not", () => {
    const [table] = matrixTables(OUTCOMES);
    expect(tableLines(table!, 38).slice(1, 3)).toEqual([
      "timing default              none pull",
      "deploy-in-disconnect-window V L1 V L2!",
    ]);
    expect(tableLines(table!, 37)).toEqual([
      "",
      "timing default              none",
      "deploy-in-disconnect-window V L1",
      "node-lost                   H",
      "",
      "timing default              pull",
      "deploy-in-disconnect-window V L2!",
      "node-lost                   ?!",
    ]);
  });

  it("is never wider than the terminal, and shows every column once", () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z+]{1,24}$/), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(names, fc.integer({ min: 80, max: 120 }), (fixes, width) => {
        const [table] = matrixTables(fixes.map((fix) => aJudgedCell(aCell({ fix }))));
        const lines = tableLines(table!, width);
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
        const heads = lines.filter((line) => line.startsWith("timing default"));
        expect(heads.flatMap((line) => line.split(/ +/).slice(2))).toEqual(fixes);
      }),
    );
  });

  it("what is not as expected has a colour as well", () => {
    chalk.level = 1;
    const lines = matrixTables(OUTCOMES).flatMap((table) => tableLines(table, 80));
    const [wrong, unclear] = [chalk.red.bold("V L2!"), chalk.yellow.bold("?!   ")];
    chalk.level = 0;
    expect(wrong).not.toBe("V L2!");
    expect(lines.slice(2, 4)).toEqual([
      `deploy-in-disconnect-window  V L1  ${wrong}`,
      `node-lost                    H     ${unclear}`,
    ]);
  });
});

it("as Markdown, what is not as expected is bold", () => {
  expect(matrixTables(OUTCOMES).flatMap(tableMarkdown)).toEqual([
    "",
    "| timing default | none | pull |",
    "| --- | --- | --- |",
    "| deploy-in-disconnect-window | V L1 | **V L2!** |",
    "| node-lost | H | **?!** |",
    "",
    "| timing fast | none | pull |",
    "| --- | --- | --- |",
    "| deploy-in-disconnect-window | n/a | H |",
  ]);
});
