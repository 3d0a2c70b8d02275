import chalk from "chalk";
import { afterAll, beforeAll, expect, it } from "vitest";
import { aResult } from "../test-kit/a-result.ts";
import { summaryLines } from "./summary.ts";

const level = chalk.level;
beforeAll(() => void (chalk.level = 0));
afterAll(() => void (chalk.level = level));

it("tells of every scenario how often it was as expected, and how long it took", () => {
  const runs = [
    aResult({ scenario: "a", verdictMs: 9_000 }),
    aResult({ scenario: "b", verdictMs: 500, asExpected: false }),
    aResult({ scenario: "a", verdictMs: 100 }),
    aResult({ scenario: "a", verdictMs: 2_000, asExpected: false }),
  ];
  expect(summaryLines(runs)).toEqual([
    "",
    "2 of 3 as expected   a",
    "  rate 20.8 – 93.9 % (95 %, Wilson) · start to verdict min 100 ms, median 2.0 s, p95 9.0 s, max 9.0 s",
    "0 of 1 as expected   b",
    "  start to verdict 500 ms",
  ]);
});
