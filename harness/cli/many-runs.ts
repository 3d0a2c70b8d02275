import type { Engine } from "../engines/engine.ts";
import { pointLatestAt, writeReport } from "../report/artifacts.ts";
import { chooseEngine, chooseEngineName } from "./choose-engine.ts";
import { chooseSeed } from "./inputs.ts";
import { wholeNumber } from "./options.ts";
import { progressOnStderr, type Progress } from "./progress.ts";
import { newRunId, reportFolder } from "./report-folder.ts";
import type { CommandWorld } from "./run-command.ts";

/** As typed. */
export interface ManyRunsFlags {
  readonly engine: string;
  readonly seed: string;
  readonly jobs?: string;
  readonly out?: string;
}

/** What the runs of one command share. */
export interface ManyRuns {
  readonly runId: string;
  readonly seed: number;
  /** For one run: a simulation is made anew for each. */
  readonly newEngine: () => Engine;
  readonly engine: Pick<Engine, "name" | "title">;
  /** Why this engine. */
  readonly why: string;
  readonly atOnce: number;
  /** Where all of it is reported. */
  readonly folder: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Wall clock since the command began, in milliseconds. */
  readonly wallMs: () => number;
  /** Writes the report's files, by name. @throws EnvironmentError */
  readonly leaveReport: (files: Readonly<Record<string, string>>) => void;
}

/** Spec 5-quality: starts serialise inside the engine; on two cores two runs side by side is the best rate. */
const AT_ONCE = 2;
const MOST_AT_ONCE = 16;

/**
 * Everything that many runs need before the first: first what may be wrong in the flags, then, when called, the
 * engine, a folder that can be written, the images.
 * @throws UsageError at once; EnvironmentError and the signal's reason from what it returns.
 */
export function planManyRuns(flags: ManyRunsFlags, world: CommandWorld): () => Promise<ManyRuns> {
  const asked = chooseEngineName(flags.engine, world.system);
  const seed = chooseSeed(flags.seed);
  const jobs = flags.jobs === undefined ? AT_ONCE : wholeNumber("--jobs", flags.jobs, 1, MOST_AT_ONCE);
  return async () => {
    const startedAt = new Date();
    const runId = newRunId(startedAt);
    const folder = reportFolder(runId, flags.out);
    const progress = progressOnStderr();
    const { forRun, why } = await chooseEngine(asked, progress.note, world.system);
    const engine = forRun(seed);
    const isSimulated = engine.name === "sim";
    const alone = isSimulated
      ? "a simulation has its process to itself"
      : world.system.remote && "in a cloud two runs would see each other";
    if (alone !== undefined && flags.jobs !== undefined)
      progress.note(`repro: --jobs is for Docker; ${alone}`);
    // A folder that cannot be written is told now, not after an hour.
    writeReport(folder, {});
    await engine.prepare(world.system.images, progress.note, world.signal);
    return {
      runId,
      seed,
      engine,
      why,
      folder,
      progress,
      signal: world.signal,
      newEngine: () => forRun(seed),
      atOnce: alone === undefined ? jobs : 1,
      wallMs: () => Date.now() - startedAt.getTime(),
      leaveReport: (files) => {
        writeReport(folder, files);
        if (flags.out === undefined) pointLatestAt(folder);
      },
    };
  };
}
