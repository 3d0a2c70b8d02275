import { UsageError } from "../errors.ts";
import { allCells, reasonNotToRun, type Cell, type CellOutcome } from "../matrix/cell.ts";
import { oneOfEachLoss } from "../matrix/one-of-each-loss.ts";
import { onlyCells, parseShard, shardOf } from "../matrix/select.ts";
import { askAboutTiming } from "../matrix/timing-question.ts";
import {
  matrixJson,
  matrixMarkdown,
  matrixText,
  notRunLines,
  type MatrixFindings,
} from "../report/matrix-report.ts";
import { timingAnswerLines } from "../report/timing-answer.ts";
import { EXIT, exitCodeOfMany } from "./exit-code.ts";
import { chooseAvoid, chooseFixes, chooseTimings, readJobFiles } from "./inputs.ts";
import { planManyRuns, type ManyRunsFlags } from "./many-runs.ts";
import { oneOf } from "./options.ts";
import { runCells } from "./run-cells.ts";
import type { CommandWorld } from "./run-command.ts";
import { systemNote } from "../systems/system.ts";
import { terminalWidth } from "./terminal-width.ts";

/** What commander hands over for `matrix`; every value still as it was typed. */
export interface MatrixFlags extends ManyRunsFlags {
  readonly only?: readonly string[];
  readonly fix?: string;
  readonly timing?: string;
  readonly set?: readonly string[];
  readonly avoid?: string;
  readonly shard?: string;
  readonly format: string;
}

/** Each strategy by itself, and all that is recommended (spec 3-scenarios, the columns of the table). */
const FIXES = ["none", "block", "redispatch", "pull", "resync", "recommended"];
const TIMINGS = "default,fast";

/** `repro matrix`: scenarios × fixes × timings. Resolves with the exit code. */
export async function matrixCommand(flags: MatrixFlags, world: CommandWorld): Promise<number> {
  const { system } = world;
  const format = oneOf("--format", flags.format, ["text", "json", "markdown"]);
  const setUp = planManyRuns(flags, world);
  const avoid = chooseAvoid(flags.avoid);
  const cells = chooseCells(flags, world);
  const jobFiles = await readJobFiles([...new Set(cells.map(({ scenario }) => scenario))], system);
  const runs = await setUp();

  const worthIt = oneOfEachLoss(world.scenarios).map(({ id }) => id);
  const ends = new Map<Cell, CellOutcome["ended"]>();
  for (const cell of cells) {
    const because = reasonNotToRun(cell, {
      engine: runs.engine.name,
      system,
      isTimingAsked: flags.timing !== undefined || system.remote !== undefined,
      worthIt,
    });
    if (because !== undefined) ends.set(cell, { kind: "not-run", because });
  }
  const toRun = cells.filter((cell) => !ends.has(cell));
  const findings = (): MatrixFindings => {
    const outcomes = cells.map((cell): CellOutcome => ({ cell, ended: ends.get(cell) ?? INTERRUPTED }));
    return {
      setting: settingOf(
        flags,
        [`${runs.engine.title} (${runs.why})`, ...systemNote(system)],
        cells,
        runs.seed,
      ),
      outcomes,
      shard: flags.shard,
      interrupted: cells.length - ends.size,
      timing: timingAnswerLines(askAboutTiming(outcomes, worthIt), timingCommand(worthIt)),
      wallMs: runs.wallMs(),
    };
  };
  try {
    const onEnded = (cell: Cell, ended: CellOutcome["ended"]) => void ends.set(cell, ended);
    await runCells(toRun, { runs, system, jobFiles, asked: flags, avoid, onEnded });
  } finally {
    runs.progress.end();
    runs.leaveReport({
      "matrix.json": `${JSON.stringify(matrixJson(findings()), null, 2)}\n`,
      "matrix.md": `${matrixMarkdown(findings()).join("\n")}\n`,
    });
    const ran = toRun.filter((cell) => ends.has(cell)).length;
    if (ran < toRun.length) world.err(`repro: ${ran} of ${toRun.length} cells had run, see ${runs.folder}`);
  }
  for (const line of linesIn(format, findings(), runs.folder)) world.out(line);
  // The JSON has results only: what has none is told beside it.
  if (format === "json") for (const line of notRunLines(findings().outcomes)) world.err(line);
  // That nothing could be run is no pass, unless another part had it all.
  if (toRun.length === 0 && flags.shard === undefined) return EXIT.unknown;
  return exitCodeOfMany([...ends.values()].map((end) => (end.kind === "judged" ? end.exitCode : 0)));
}

const INTERRUPTED = { kind: "not-run", because: "interrupted before it had come to its end" } as const;

/** @throws UsageError where nothing is left to run. */
function chooseCells(flags: MatrixFlags, { system, scenarios }: CommandWorld): readonly Cell[] {
  const known = FIXES.filter((fix) => system.fixes.includes(fix));
  const all = allCells({
    scenarios,
    fixes: flags.fix === undefined ? known : chooseFixes(flags.fix, system.fixes),
    // A cloud has one pace; which, somebody may know.
    timings: chooseTimings(flags.timing ?? (system.remote ? "default" : TIMINGS), flags.set),
  });
  const shard = flags.shard === undefined ? undefined : parseShard(flags.shard);
  const wanted = onlyCells(all, flags.only ?? []);
  const cells = shard === undefined ? wanted : shardOf(wanted, shard);
  if (cells.length > 0) return cells;
  throw new UsageError(`--shard ${flags.shard}: there are only ${wanted.length} cells, this part has none`);
}

function settingOf(
  flags: MatrixFlags,
  ground: readonly string[],
  cells: readonly Cell[],
  seed: number,
): string {
  const count = (what: string, of: (cell: Cell) => string) => {
    const different = new Set(cells.map(of)).size;
    return `${different} ${what}${different === 1 ? "" : what.endsWith("x") ? "es" : "s"}`;
  };
  return [
    ...ground,
    [
      count("scenario", ({ scenario }) => scenario.id),
      count("fix", ({ fix }) => fix),
      count("timing", ({ timing }) => timing.name),
    ].join(" × "),
    ...(flags.shard === undefined ? [] : [`shard ${flags.shard}`]),
    ...(flags.set ?? []),
    ...(flags.avoid === undefined ? [] : [`avoid ${flags.avoid}`]),
    `seed ${seed}`,
  ].join(" · ");
}

/** The smallest matrix that answers seed 001's question. */
function timingCommand(scenarios: readonly string[]): string {
  const timings = "default,batch-1s,heartbeat-1s";
  return `pnpm repro matrix --engine sim --fix none --timing ${timings} --only ${scenarios.join(" ")}`;
}

function linesIn(
  format: "text" | "json" | "markdown",
  findings: MatrixFindings,
  folder: string,
): readonly string[] {
  switch (format) {
    case "json":
      return [JSON.stringify(matrixJson(findings), null, 2)];
    case "markdown":
      return matrixMarkdown(findings);
    case "text":
      return [...matrixText(findings, terminalWidth()), `report   ${folder}`];
  }
}
