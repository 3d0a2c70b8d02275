import chalk from "chalk";
import { expect, it } from "vitest";
import { aResult } from "../test-kit/a-result.ts";
import { summaryLines } from "./summary.ts";

it("tells of every scenario how often it was as expected, and how long it took", () => {
  const level = chalk.level;
  chalk.level = 0;
  const runs = [
    aResult({ scenario: "a", verdictMs: 9_000 }),
    aResult({ scenario: "b", verdictMs: 500, asExpected: false }),
    aResult({ scenario: "a", verdictMs: 100 }),
    aResult({ scenario: "a", verdictMs: 2_000, asExpected: false }),
  ];
  expect(summaryLines(runs)).toEqual([
    "",
    "2 of 3 as expected   a   start to verdict 100 ms – 9.0 s, median 2.0 s",
    "0 of 1 as expected   b   start to verdict 500 ms – 500 ms, median 500 ms",
  ]);
  chalk.level = level;
});
