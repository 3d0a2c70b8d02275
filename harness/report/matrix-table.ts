import chalk from "chalk";
import { isJudged, type CellOutcome } from "../matrix/cell.ts";
import type { Result } from "./result.ts";

/** One timing's part of the matrix: a row a scenario, a column a fix. */
export interface MatrixTable {
  readonly title: string;
  readonly fixes: readonly string[];
  readonly rows: readonly { readonly scenario: string; readonly texts: readonly string[] }[];
}

export const LEGEND =
  "H held · V violated, with its loss · ? could not tell · ! not as expected · n/a not run here, see below";
/** A cell of another shard. */
export const ELSEWHERE = "·";

/** A table for each timing, with the rows and columns in the order in which they come. */
export function matrixTables(outcomes: readonly CellOutcome[]): readonly MatrixTable[] {
  const fixes = [...new Set(outcomes.map(({ cell }) => cell.fix))];
  const byTiming = Map.groupBy(outcomes, ({ cell }) => cell.timing.profile.name);
  return [...byTiming].map(([timing, own]) => {
    const byScenario = Map.groupBy(own, ({ cell }) => cell.scenario.id);
    return {
      title: `timing ${timing}`,
      fixes,
      rows: [...byScenario].map(([scenario, cells]) => ({
        scenario,
        texts: fixes.map((fix) => cellText(cells.find(({ cell }) => cell.fix === fix))),
      })),
    };
  });
}

/** `H`, `V L1`, `?`, `n/a`; with a `!` where that is not as expected, so that it shows without colour, too. */
export function cellText(outcome: CellOutcome | undefined): string {
  if (outcome === undefined) return ELSEWHERE;
  if (!isJudged(outcome)) return "n/a";
  return resultText(outcome.ended.result);
}

export function resultText({ verdict, loss, asExpected }: Result): string {
  const word = verdict === "held" ? "H" : verdict === "unknown" ? "?" : loss === null ? "V" : `V ${loss}`;
  return asExpected ? word : `${word}!`;
}

/** For a terminal of this width; fixes that do not fit beside the others go below them. */
export function tableLines(table: MatrixTable, width: number): string[] {
  const { title } = table;
  const first = Math.max(title.length, ...table.rows.map(({ scenario }) => scenario.length));
  const widths = table.fixes.map((fix, column) =>
    Math.max(fix.length, ...table.rows.map(({ texts }) => texts[column]?.length ?? 0)),
  );
  const sum = (gap: number) => first + widths.reduce((total, own) => total + gap + own, 0);
  const gap = sum(2) <= width ? 2 : 1;
  return columnGroups(widths, { room: width - first, gap }).flatMap((columns) => {
    const line = (head: string, texts: readonly string[]) => [head, ...texts].join(" ".repeat(gap)).trimEnd();
    const padded = (text: string, column: number) => text.padEnd(widths[column] ?? 0);
    return [
      "",
      line(
        chalk.bold(title.padEnd(first)),
        columns.map((column) => chalk.dim(padded(table.fixes[column] ?? "", column))),
      ),
      ...table.rows.map(({ scenario, texts }) =>
        line(
          scenario.padEnd(first),
          columns.map((column) => coloured(padded(texts[column] ?? "", column))),
        ),
      ),
    ];
  });
}

export function tableMarkdown({ title, fixes, rows }: MatrixTable): string[] {
  return [
    "",
    `| ${title} | ${fixes.join(" | ")} |`,
    `| --- |${" --- |".repeat(fixes.length)}`,
    ...rows.map(({ scenario, texts }) => `| ${scenario} | ${texts.map(strong).join(" | ")} |`),
  ];
}

function columnGroups(
  widths: readonly number[],
  { room, gap }: { readonly room: number; readonly gap: number },
): number[][] {
  const groups: number[][] = [[]];
  let left = room;
  for (const [column, width] of widths.entries()) {
    if (groups.at(-1)?.length !== 0 && left < gap + width) {
      groups.push([]);
      left = room;
    }
    groups.at(-1)?.push(column);
    left -= gap + width;
  }
  return groups;
}

function coloured(text: string): string {
  if (text.includes("!")) return text.startsWith("?") ? chalk.yellow.bold(text) : chalk.red.bold(text);
  return text.startsWith("n/a") || text.startsWith(ELSEWHERE) ? chalk.dim(text) : text;
}

function strong(text: string): string {
  return text.includes("!") ? `**${text}**` : text;
}
