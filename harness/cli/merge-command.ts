import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { UsageError } from "../errors.ts";
import { mergeResults, missingShards } from "../matrix/merge.ts";
import { parseShard } from "../matrix/select.ts";
import { pointLatestAt, writeReport } from "../report/artifacts.ts";
import {
  mergedMarkdown,
  mergedText,
  missingLines,
  type CellReport,
  type MergedFindings,
} from "../report/merged-report.ts";
import type { Result } from "../report/result.ts";
import { PROFILES } from "../timing/profile.ts";
import { EXIT, exitCodeOf, exitCodeOfMany } from "./exit-code.ts";
import { oneOf } from "./options.ts";
import { newRunId, reportFolder } from "./report-folder.ts";
import type { CommandWorld } from "./run-command.ts";
import { terminalWidth } from "./terminal-width.ts";

/** As typed. */
export interface MergeFlags {
  readonly out?: string;
  readonly format: string;
}

const MATRIX = "matrix.json";

/** What of a report is read; everything else of a cell is shown as it is. */
const shape = z.object({
  shard: z.string().optional(),
  interrupted: z.number().optional(),
  cells: z.array(
    z.looseObject({
      scenario: z.string(),
      engine: z.string(),
      timing: z.string(),
      fix: z.string(),
      verdict: z.enum(["held", "violated", "unknown"]),
      asExpected: z.boolean(),
    }),
  ),
  wallMs: z.number(),
});

/** `repro merge`: the reports of several matrix runs as one. Resolves with the exit code. */
export function mergeCommand(folders: readonly string[], flags: MergeFlags, world: CommandWorld): number {
  const format = oneOf("--format", flags.format, ["text", "json", "markdown"]);
  const reports = folders.flatMap(reportsIn).map(readReport);
  const cells = reports.flatMap((report) => report.cells);
  const order = {
    scenarios: world.scenarios.map(({ id }) => id),
    fixes: world.system.fixes,
    timings: Object.keys(PROFILES),
  };
  const findings: MergedFindings = {
    tables: mergeResults(cells, order),
    missing: [...missingShards(reports), ...reports.flatMap(({ cutShort }) => cutShort)],
    reports: reports.length,
    wallMs: reports.reduce((sum, { wallMs }) => sum + wallMs, 0),
    reportOf: (run) => reports.find((report) => report.cells.includes(run))?.reportOf(run),
  };
  const json = JSON.stringify(
    { cells, unexpected: cells.filter((cell) => !cell.asExpected).length, wallMs: findings.wallMs },
    null,
    2,
  );
  const markdown = mergedMarkdown(findings);
  const folder = reportFolder(newRunId(new Date()), flags.out);
  writeReport(folder, { [MATRIX]: `${json}\n`, "matrix.md": `${markdown.join("\n")}\n` });
  if (flags.out === undefined) pointLatestAt(folder);
  const text = () => [...mergedText(findings, terminalWidth()), `report   ${folder}`];
  for (const line of { json: () => [json], markdown: () => markdown, text }[format]()) world.out(line);
  // What is missing is no pass.
  const isWhole = cells.length > 0 && missingLines(findings).length === 0;
  return exitCodeOfMany([exitCodeOf(cells), isWhole ? EXIT.asExpected : EXIT.unknown]);
}

/**
 * This folder's report, or all that lie in folders within; as they were named, so that the name of an artifact shows.
 * @throws UsageError if there is none.
 */
function reportsIn(folder: string): readonly string[] {
  if (existsSync(join(folder, MATRIX))) return [folder];
  if (existsSync(folder) && !statSync(folder).isDirectory())
    throw new UsageError(`${folder}: is a file, accepted is the folder that it lies in: ${dirname(folder)}`);
  const found = existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((path) => path.endsWith(MATRIX))
        .map((path) => join(folder, dirname(path)))
    : [];
  if (found.length > 0) return found.toSorted();
  throw new UsageError(`${folder}: there is no ${MATRIX} in it; \`repro matrix --out ${folder}\` writes one`);
}

/** @throws UsageError naming the file. */
function readReport(folder: string) {
  const file = join(folder, MATRIX);
  const parsed = shape.safeParse(readJson(file));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UsageError(`${file}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`);
  }
  const { shard, interrupted, wallMs } = parsed.data;
  const cells = parsed.data.cells as unknown as readonly Result[];
  const within = join(folder, "cells");
  const byReplay = new Map<string, CellReport>();
  for (const name of existsSync(within) ? readdirSync(within).toSorted() : []) {
    const own = join(within, name);
    const issue = join(own, "issue.md");
    byReplay.set((readJson(join(own, "result.json")) as Result).replay, {
      folder: own,
      issue: existsSync(issue) ? readFileSync(issue, "utf8") : undefined,
    });
  }
  return {
    cells,
    wallMs,
    shard: shard === undefined ? undefined : parseShard(shard),
    cutShort: interrupted === undefined ? [] : [`${interrupted} not run, interrupted: ${folder}`],
    reportOf: (run: Result) => byReplay.get(run.replay),
  };
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new UsageError(`${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
