import chalk from "chalk";
import { isJudged, type CellOutcome, type JudgedCell } from "../matrix/cell.ts";
import { list } from "../text/list.ts";
import { sayDuration } from "../timing/duration.ts";
import { LEGEND, matrixTables, tableLines, tableMarkdown } from "./matrix-table.ts";
import { outcomeOf } from "./outcome.ts";
import type { Result } from "./result.ts";

/** Everything that is told of a matrix. */
export interface MatrixFindings {
  /** Which engine, and why; which seed; which part. */
  readonly setting: string;
  /** As typed, where this is a part of a matrix. */
  readonly shard?: string | undefined;
  /** How many cells it had not come to when it was interrupted. */
  readonly interrupted?: number | undefined;
  readonly outcomes: readonly CellOutcome[];
  /** What it says of the pace: see `timing-answer.ts`. */
  readonly timing: readonly string[];
  readonly wallMs: number;
}

/** `matrix.json`, and what `--format json` prints (spec 4-harness, "Artifacts"). */
export function matrixJson({ outcomes, wallMs, shard, interrupted = 0 }: MatrixFindings): {
  /** Of a part only, so that what puts parts together sees that one is missing. */
  readonly shard?: string;
  /** Of an interrupted one only: how many cells it lacks. */
  readonly interrupted?: number;
  readonly cells: readonly Result[];
  readonly unexpected: number;
  readonly wallMs: number;
} {
  const cells = outcomes.filter(isJudged).map(({ ended }) => ended.result);
  const part = { ...(shard === undefined ? {} : { shard }), ...(interrupted === 0 ? {} : { interrupted }) };
  return { ...part, cells, unexpected: cells.filter((cell) => !cell.asExpected).length, wallMs };
}

export function matrixText(findings: MatrixFindings, width: number): string[] {
  const unexpected = unexpectedOf(findings);
  const colour = unexpected.length === 0 ? chalk.green : chalk.red;
  return [
    `${chalk.bold("matrix")}   ${findings.setting}`,
    ...matrixTables(findings.outcomes).flatMap((table) => tableLines(table, width)),
    "",
    chalk.dim(LEGEND),
    ...unexpected.flatMap(({ cell, ended: { result, folder } }) => [
      "",
      colour(`${cell.scenario.id} · timing ${cell.timing.profile.name} · fix ${cell.fix}`),
      `  expected ${result.expected}, seen ${outcomeOf(result)}: ${result.because}`,
      ...(folder === undefined ? [] : [chalk.dim(`  report   ${folder}`)]),
      chalk.dim(`  replay   ${result.replay}`),
    ]),
    ...notRunLines(findings.outcomes).flatMap((line) => ["", line]),
    "",
    ...findings.timing,
    "",
    colour.bold(summary(findings)),
  ];
}

export function matrixMarkdown(findings: MatrixFindings): string[] {
  const unexpected = unexpectedOf(findings);
  const notRun = notRunLines(findings.outcomes);
  return [
    "# Matrix",
    "",
    `${findings.setting}. ${summary(findings)}.`,
    ...matrixTables(findings.outcomes).flatMap(tableMarkdown),
    "",
    LEGEND,
    ...section("Not as expected", unexpected.map(unexpectedMarkdown)),
    ...section(
      "Not run here",
      notRun.map((line) => `- ${line}`),
    ),
    "",
    "## Timing as a hypothesis",
    "",
    "```text",
    ...findings.timing,
    "```",
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", `## ${title}`, "", ...lines];
}

function unexpectedMarkdown({ cell, ended: { result, folder } }: JudgedCell): string {
  const report = folder === undefined ? "" : `\n  report: \`${folder}\``;
  return (
    `- **${cell.scenario.id}**, timing ${cell.timing.profile.name}, fix ${cell.fix}: expected ${result.expected}, ` +
    `seen ${outcomeOf(result)}: ${result.because}${report}\n  replay: \`${result.replay}\``
  );
}

function unexpectedOf({ outcomes }: MatrixFindings): readonly JudgedCell[] {
  return outcomes.filter(isJudged).filter(({ ended }) => !ended.result.asExpected);
}

/** One line a reason: how many cells, and of which scenarios. */
export function notRunLines(outcomes: readonly CellOutcome[]): string[] {
  const reasons = outcomes.flatMap(({ cell, ended }) =>
    ended.kind === "not-run" ? [{ because: ended.because, scenario: cell.scenario.id }] : [],
  );
  return [...Map.groupBy(reasons, ({ because }) => because)].map(([because, cells]) => {
    const scenarios = [...new Set(cells.map(({ scenario }) => scenario))];
    return `${cells.length} not run, ${because}: ${list(scenarios)}`;
  });
}

function summary(findings: MatrixFindings): string {
  const { cells, unexpected, wallMs } = matrixJson(findings);
  const rest = findings.outcomes.length - cells.length;
  const good = unexpected === 0 ? "all as expected" : `${unexpected} not as expected`;
  return [
    `${cells.length} cell${cells.length === 1 ? "" : "s"} run`,
    ...(cells.length === 0 ? [] : [good]),
    ...(rest > 0 ? [`${rest} not run`] : []),
    sayDuration(wallMs),
  ].join(", ");
}
