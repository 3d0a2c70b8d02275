import chalk from "chalk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mergeResults } from "../matrix/merge.ts";
import { aResult } from "../test-kit/a-result.ts";
import { HELD, UNKNOWN } from "../test-kit/a-cell.ts";
import { mergedCellText, mergedMarkdown, mergedText, type MergedFindings } from "./merged-report.ts";
import type { Result } from "./result.ts";

const level = chalk.level;
beforeAll(() => void (chalk.level = 0));
afterAll(() => void (chalk.level = level));

const SURPRISE = aResult({
  scenario: "node-lost",
  fix: "pull",
  ...HELD,
  expected: "violated L1",
  asExpected: false,
  because: "it runs",
  replay: "pnpm repro node-lost --fix pull",
});
const RUNS = [aResult({ scenario: "headline", fix: "none" }), SURPRISE];
const ISSUE = "# It runs\n\n```sh\npnpm repro\n```\n";

describe("a merged cell", () => {
  it.each([
    ["·", []],
    ["V L1", [{}, {}, {}]],
    ["V L1 2, H! 1", [{}, { ...HELD, asExpected: false }, {}]],
    [
      "H!",
      [
        { ...HELD, asExpected: false },
        { ...HELD, asExpected: false },
      ],
    ],
    ["?! 1, V L1 1", [UNKNOWN, {}]],
  ])("is %s", (text, runs) => {
    const results = runs.map((run) => aResult(run));
    expect(mergedCellText(results.length === 0 ? undefined : { ...AT, runs: results })).toBe(text);
  });
});

it("as text has the tables, every surprise with its replay, what is missing, and the counts", () => {
  expect(mergedText(findings(), 80)).toEqual([
    "",
    "docker 20.10.24 · fast  none  pull",
    "headline                V L1  ·",
    "node-lost               ·     H!",
    "",
    "H held · V violated, with its loss · ? could not tell · ! not as expected · n/a not run here, see below",
    "",
    "node-lost · docker 20.10.24 · timing fast · fix pull",
    "  expected violated L1, seen held: it runs",
    "  report   shard-2/cells/node-lost-fast-pull",
    "  replay   pnpm repro node-lost --fix pull",
    "",
    "no report of shard 1 of 2",
    "",
    "2 in no report (·), docker 20.10.24, timing fast: headline under pull, node-lost under none",
    "",
    "docker 20.10.24: 1 of 2 runs of 2 cells as expected, rate 9.5 – 90.5 % (95 %, Wilson)",
    "2 reports, 1 min 5 s of machine time",
  ]);
});

describe("as Markdown", () => {
  it("has a text to paste into an issue for every surprise, folded, with its own fences intact", () => {
    const lines = mergedMarkdown(findings());
    const from = lines.indexOf("## Not as expected");
    expect(lines.slice(from + 2, lines.indexOf("## Missing") - 1)).toEqual([
      "- **node-lost** · docker 20.10.24 · timing fast · fix pull: expected violated L1, seen held: it runs",
      "  report: `shard-2/cells/node-lost-fast-pull`",
      "  replay: `pnpm repro node-lost --fix pull`",
      "",
      "  <details><summary>An issue, ready to paste</summary>",
      "",
      "  ````markdown",
      "  # It runs",
      "",
      "  ```sh",
      "  pnpm repro",
      "  ```",
      "  ````",
      "",
      "  </details>",
      "",
    ]);
  });

  it("has no section without anything in it", () => {
    const good = mergedMarkdown({ ...findings([aResult()]), missing: [] });
    expect(good.filter((line) => line.startsWith("#"))).toEqual(["# Matrix"]);
    expect(good).toContain(
      "- docker 20.10.24: 1 of 1 runs of 1 cells as expected, rate 20.7 – 100 % (95 %, Wilson)",
    );
  });
});

const AT = { scenario: "headline", fix: "none" };

function findings(runs: readonly Result[] = RUNS): MergedFindings {
  return {
    tables: mergeResults(runs, { scenarios: ["headline"], fixes: ["none", "pull"], timings: ["fast"] }),
    missing: ["no report of shard 1 of 2"],
    reports: 2,
    wallMs: 65_000,
    reportOf: (run) =>
      run === SURPRISE ? { folder: "shard-2/cells/node-lost-fast-pull", issue: ISSUE } : undefined,
  };
}
