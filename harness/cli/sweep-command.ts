import { UsageError } from "../errors.ts";
import { sweepJson, sweepText, type SweepFindings } from "../report/sweep-report.ts";
import type { SweepPoint } from "../sweep/point.ts";
import { chooseRange, leadOf, writeOffset, type RangeFlags } from "../sweep/range.ts";
import { returnOffsetMs, SWEEP_JOBS } from "../sweep/sweep-point.ts";
import { writeDuration } from "../timing/duration.ts";
import { loadTimingProfile } from "../timing/load-profile.ts";
import type { TimingProfile } from "../timing/profile.ts";
import { EXIT, exitCodeOfMany } from "./exit-code.ts";
import { chooseFix, readJobFiles } from "./inputs.ts";
import { planManyRuns, type ManyRunsFlags } from "./many-runs.ts";
import { oneOf } from "./options.ts";
import { replayOptions } from "./replay.ts";
import type { CommandWorld } from "./run-command.ts";
import { runSweep } from "./run-sweep.ts";

/** What commander hands over for `sweep`; every value still as it was typed. */
export interface SweepFlags extends ManyRunsFlags, RangeFlags {
  readonly timing: string;
  readonly set?: readonly string[];
  readonly fix: string;
  readonly format: string;
}

/** `repro sweep`: the loss window, offset by offset. Resolves with the exit code. */
export async function sweepCommand(flags: SweepFlags, world: CommandWorld): Promise<number> {
  const { system, scenarios } = world;
  if (!system.capabilities.has("kept-identity")) {
    throw new UsageError(
      `sweep: not applicable with --system ${system.name}: an edge has to return as the node that it was`,
    );
  }
  const format = oneOf("--format", flags.format, ["text", "json"]);
  const profile = loadTimingProfile(flags.timing, flags.set);
  const fix = chooseFix(flags.fix, system.fixes);
  const setUp = planManyRuns(flags, world);
  const returnAtMs = returnFor(profile);
  const range = (engine: "docker" | "sim") =>
    chooseRange(flags, { engine, timing: profile.timing, returnAtMs });
  // Only how fine it is by itself depends on the engine: what was typed can be wrong before there is one.
  const ranges = { sim: range("sim"), docker: range("docker") };
  const jobFiles = await readJobFiles([{ jobs: SWEEP_JOBS }], system);
  const runs = await setUp();

  const { engine } = runs;
  const own = ranges[engine.name];
  const { fromMs, toMs, stepMs, precisionMs } = own;
  const replay = [
    "pnpm repro sweep",
    ...replayOptions({
      ...flags,
      fix,
      engine: engine.name,
      askedEngine: flags.engine,
      system: system.name,
      seed: runs.seed,
    }),
    `--from ${writeOffset(fromMs)} --to ${writeOffset(toMs)}`,
    `--step ${writeDuration(stepMs)} --precision ${writeDuration(precisionMs)}`,
  ].join(" ");
  const points: SweepPoint[] = [];
  const codes: number[] = [];
  const findings = (): SweepFindings => ({
    engine: engine.title,
    simulated: engine.name === "sim",
    timing: profile.name,
    knobs: profile.timing,
    fix,
    system: system.name,
    seed: runs.seed,
    ...own,
    returnAtMs,
    points,
    replay,
    wallMs: runs.wallMs(),
  });
  let isOver = false;
  try {
    await runSweep({
      runs,
      range: own,
      system,
      scenarios,
      jobFiles,
      profile,
      fix,
      replay,
      returnAtMs,
      leadMs: Math.max(leadOf(profile.timing), -fromMs),
      onEnded: (point, exitCode) => {
        points.push(point);
        codes.push(codeOf(point, exitCode));
      },
    });
    isOver = true;
  } finally {
    runs.progress.end();
    runs.leaveReport({ "sweep.json": `${JSON.stringify(sweepJson(findings()), null, 2)}\n` });
    if (!isOver) world.err(`repro: ${points.length} runs had come to their end, see ${runs.folder}`);
  }
  if (format === "json") world.out(JSON.stringify(sweepJson(findings()), null, 2));
  else for (const line of [...sweepText(findings(), runs.why), `report   ${runs.folder}`]) world.out(line);
  return exitCodeOfMany(codes);
}

/** What a run of the sweep is expected to show follows from its own log, not from the scenario. */
function codeOf(point: SweepPoint, exitCode: number): number {
  if (point.verdict === "unknown") return exitCode;
  if (point.expected === null) return EXIT.unknown;
  return point.asExpected ? EXIT.asExpected : EXIT.unexpected;
}

/** @throws UsageError */
function returnFor({ name, timing }: TimingProfile): number {
  const returnAtMs = returnOffsetMs(timing);
  if (returnAtMs !== undefined) return returnAtMs;
  throw new UsageError(
    `--timing ${name}: lostTimeout is ${writeDuration(timing.lostTimeout)}, too short for a sweep: a node could ` +
      `count as lost before it is brought back, ${writeDuration(timing.disconnectTimeout + 2 * timing.housekeeping)} after the kill`,
  );
}
