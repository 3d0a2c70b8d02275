import chalk from "chalk";
import { boundariesOf, stretchesOf, type Boundary } from "../sweep/boundaries.ts";
import { samplesOf, type SweepPoint } from "../sweep/point.ts";
import { writeOffset, type SweepRange } from "../sweep/range.ts";
import { sayDuration, writeDuration } from "../timing/duration.ts";
import type { Timing } from "../timing/profile.ts";
import { outcomeOf } from "./outcome.ts";

/** Everything that is told of a sweep. All `…Ms` are milliseconds; offsets are counted from the kill. */
export interface SweepFindings extends SweepRange {
  readonly engine: string;
  readonly simulated: boolean;
  /** Name of the profile. */
  readonly timing: string;
  readonly knobs: Timing;
  readonly fix: string;
  readonly system: string;
  readonly seed: number;
  /** When the edge was brought back. */
  readonly returnAtMs: number;
  readonly points: readonly SweepPoint[];
  readonly wallMs: number;
  readonly replay: string;
}

/** `sweep.json`, and what `--format json` prints. */
export function sweepJson(findings: SweepFindings): SweepFindings & {
  readonly schemaVersion: 1;
  readonly boundaries: readonly Boundary[];
  readonly unexpected: number;
} {
  const points = findings.points.toSorted((a, b) => positionOf(a) - positionOf(b));
  return {
    schemaVersion: 1,
    ...findings,
    points,
    boundaries: boundariesOf(samplesOf(points)),
    unexpected: points.filter((point) => !point.asExpected).length,
  };
}

export function sweepText(findings: SweepFindings, why: string): string[] {
  const { points, boundaries, unexpected, wallMs, ...at } = sweepJson(findings);
  const setting = [
    `${at.engine} (${why})`,
    `timing ${at.timing}`,
    `fix ${at.fix}`,
    ...(at.simulated ? [`seed ${at.seed}`] : []),
  ];
  const range =
    `every ${writeDuration(at.stepMs)} from ${writeOffset(at.fromMs)} to ${writeOffset(at.toMs)}, ` +
    `then halved down to ${writeDuration(at.precisionMs)}`;
  const good = unexpected === 0;
  return [
    `${chalk.bold("sweep")}    ${setting.join(" · ")}`,
    `the edge is killed at 0 and brought back at ${writeOffset(at.returnAtMs)}; a job is deployed ${range}`,
    "",
    chalk.dim("dispatched, seconds after the kill   what became of it   runs"),
    ...stretchesOf(samplesOf(points)).map(
      ({ fromMs, toMs, outcome, runs }) =>
        `${seconds(fromMs)} … ${seconds(toMs)}${" ".repeat(14)}${outcome.padEnd(18)} ${String(runs).padStart(4)}`,
    ),
    "",
    ...(boundaries.length === 0
      ? ["the same everywhere: no boundary to find"]
      : [chalk.dim("it changes between"), ...boundaries.map(boundaryLine)]),
    ...points.filter((point) => !point.asExpected).map(unexpectedLine),
    "",
    (good ? chalk.green : chalk.red).bold(
      `${points.length} runs, ${good ? "each as its own log lines say" : `${unexpected} not as their own log lines say`}, ${sayDuration(wallMs)}`,
    ),
    chalk.dim(`replay   ${at.replay}`),
  ];
}

function boundaryLine({ from, to, afterMs, byMs, line, apartMs }: Boundary): string {
  const change = `${from} → ${to}`.padEnd(27);
  const near = `within ${sayDuration(apartMs)} of ${seconds(line.atMs).trim()} ${line.message}`;
  return `${seconds(afterMs)} … ${seconds(byMs)}   ${change}  ${near}`;
}

function unexpectedLine(point: SweepPoint): string {
  const { dispatchedMs, askedMs, expected, because } = point;
  const when =
    dispatchedMs === null
      ? `asked at ${writeOffset(askedMs)}`
      : `dispatched at ${seconds(dispatchedMs).trim()}`;
  return chalk.red(
    `! ${when}: expected ${expected ?? "nothing, its log does not tell"}, seen ${outcomeOf(point)}: ${because}`,
  );
}

/** In order of the dispatch; a run without one stands where it was asked for. */
function positionOf({ dispatchedMs, askedMs }: SweepPoint): number {
  return dispatchedMs ?? askedMs;
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3).padStart(10);
}
