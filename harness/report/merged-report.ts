import chalk from "chalk";
import type { MergedCell, MergedTable } from "../matrix/merge.ts";
import { sayDuration } from "../timing/duration.ts";
import {
  ELSEWHERE,
  LEGEND,
  resultText,
  tableLines,
  tableMarkdown,
  type MatrixTable,
} from "./matrix-table.ts";
import { outcomeOf } from "./outcome.ts";
import type { Result } from "./result.ts";
import { rateInterval } from "./summary.ts";

/** Everything that is told of several matrix reports at once. */
export interface MergedFindings {
  readonly tables: readonly MergedTable[];
  /** What is known to be missing, a line each: shards of which only others are here, reports that were cut short. */
  readonly missing: readonly string[];
  /** How many reports there were. */
  readonly reports: number;
  /** Machine time: the sum of what the reports took, in milliseconds. */
  readonly wallMs: number;
  /** The whole report of a run that was not as expected, if it was found. */
  readonly reportOf: (run: Result) => CellReport | undefined;
}

export interface CellReport {
  readonly folder: string;
  /** The text of its `issue.md`, ready to paste; undefined where it has none. */
  readonly issue: string | undefined;
}

export function mergedText(findings: MergedFindings, width: number): string[] {
  const { tables, reportOf } = findings;
  const surprises = surprisesOf(tables);
  const missing = missingLines(findings);
  const colour = surprises.length + missing.length === 0 ? chalk.green : chalk.red;
  return [
    ...tables.flatMap((table) => tableLines(tableOf(table), width)),
    "",
    chalk.dim(LEGEND),
    ...surprises.flatMap((run) => [
      "",
      colour(placeOf(run)),
      `  ${differenceOf(run)}`,
      ...lineOf("report   ", reportOf(run)?.folder).map((line) => chalk.dim(line)),
      chalk.dim(`  replay   ${run.replay}`),
    ]),
    ...missing.flatMap((line) => ["", line]),
    "",
    ...countLines(findings).map((line) => colour.bold(line)),
  ];
}

export function mergedMarkdown(findings: MergedFindings): string[] {
  const { tables, reportOf } = findings;
  const surprises = surprisesOf(tables);
  const missing = missingLines(findings);
  return [
    "# Matrix",
    "",
    ...countLines(findings).map((line) => `- ${line}`),
    ...tables.map(tableOf).flatMap(tableMarkdown),
    "",
    LEGEND,
    ...(surprises.length === 0 ? [] : ["", "## Not as expected", ""]),
    ...surprises.flatMap((run) => surpriseMarkdown(run, reportOf(run))),
    ...(missing.length === 0 ? [] : ["", "## Missing", ""]),
    ...missing.map((line) => `- ${line}`),
  ];
}

function surpriseMarkdown(run: Result, report: CellReport | undefined): string[] {
  return [
    `- **${run.scenario}** · ${placeOf(run).slice(run.scenario.length + 3)}: ${differenceOf(run)}`,
    ...lineOf("report: ", report === undefined ? undefined : `\`${report.folder}\``),
    `  replay: \`${run.replay}\``,
    ...issueMarkdown(report?.issue),
  ];
}

/** Folded, and indented, so that it belongs to its line; its own Markdown is shown as what it is: a text to paste. */
function issueMarkdown(issue: string | undefined): string[] {
  if (issue === undefined) return [];
  // A fence that is longer than any within.
  const longest = Math.max(0, ...[...issue.matchAll(/`{3,}/g)].map(([fence]) => fence.length));
  const fence = "`".repeat(Math.max(3, longest + 1));
  const lines = ["<details><summary>An issue, ready to paste</summary>", "", `${fence}markdown`];
  return ["", ...lines, ...issue.trimEnd().split("\n"), fence, "", "</details>", ""].map((line) =>
    line === "" ? "" : `  ${line}`,
  );
}

function lineOf(label: string, text: string | undefined): string[] {
  return text === undefined ? [] : [`  ${label}${text}`];
}

function tableOf({ engine, timing, scenarios, fixes, cells }: MergedTable): MatrixTable {
  return {
    title: `${engine} · ${timing}`,
    fixes,
    rows: scenarios.map((scenario) => ({
      scenario,
      texts: fixes.map((fix) =>
        mergedCellText(cells.find((cell) => cell.scenario === scenario && cell.fix === fix)),
      ),
    })),
  };
}

/** As a single run where all agree and are as expected; otherwise each outcome, with how many runs had it. */
export function mergedCellText(cell: MergedCell | undefined): string {
  if (cell === undefined) return ELSEWHERE;
  const counts = [...Map.groupBy(cell.runs, resultText)].map(([text, runs]) => ({
    text,
    count: runs.length,
  }));
  const [only, ...others] = counts;
  if (only !== undefined && others.length === 0) return only.text;
  return counts.map(({ text, count }) => `${text} ${count}`).join(", ");
}

function surprisesOf(tables: readonly MergedTable[]): readonly Result[] {
  return runsOf(tables).filter((run) => !run.asExpected);
}

function runsOf(tables: readonly MergedTable[]): readonly Result[] {
  return tables.flatMap(({ cells }) => cells.flatMap(({ runs }) => runs));
}

function placeOf({ scenario, engine, timing, fix, simulated, seed }: Result): string {
  return [scenario, engine, `timing ${timing}`, `fix ${fix}`, ...(simulated ? [`seed ${seed}`] : [])].join(
    " · ",
  );
}

function differenceOf(run: Result): string {
  return `expected ${run.expected}, seen ${outcomeOf(run)}: ${run.because}`;
}

/** One line an engine, and one for everything. */
function countLines({ tables, reports, wallMs }: MergedFindings): string[] {
  const byEngine = [...Map.groupBy(tables, ({ engine }) => engine)];
  return [
    ...byEngine.map(([engine, own]) => `${engine}: ${countOf(own)}`),
    `${reports} report${reports === 1 ? "" : "s"}, ${sayDuration(wallMs)} of machine time`,
  ];
}

function countOf(tables: readonly MergedTable[]): string {
  const runs = runsOf(tables);
  const good = runs.filter((run) => run.asExpected).length;
  const cells = tables.reduce((sum, table) => sum + table.cells.length, 0);
  return `${good} of ${runs.length} runs of ${cells} cells as expected, rate ${rateInterval(good, runs.length)} (95 %, Wilson)`;
}

/** What is in no report; none where they are the whole. */
export function missingLines({
  tables,
  missing: known,
}: Pick<MergedFindings, "tables" | "missing">): string[] {
  const places = tables
    .filter(({ missing }) => missing.length > 0)
    .map(({ engine, timing, missing }) => {
      const cells = missing.map(({ scenario, fix }) => `${scenario} under ${fix}`);
      return `${missing.length} in no report (${ELSEWHERE}), ${engine}, timing ${timing}: ${cells.join(", ")}`;
    });
  return [...known, ...places];
}
