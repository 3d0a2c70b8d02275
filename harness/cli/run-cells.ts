import { join } from "node:path";
import type { Cell, CellOutcome } from "../matrix/cell.ts";
import type { JobFile, System } from "../systems/system.ts";
import type { AvoidRule } from "../vocabulary.ts";
import { inParallel } from "./in-parallel.ts";
import type { ManyRuns } from "./many-runs.ts";
import { replayCommand } from "./replay.ts";
import { runQuietly } from "./run-quietly.ts";

export interface CellRuns {
  readonly runs: ManyRuns;
  readonly system: System;
  readonly jobFiles: ReadonlyMap<string, JobFile>;
  /** As typed, for the command that does it again. */
  readonly asked: { readonly engine: string; readonly set?: readonly string[]; readonly avoid?: string };
  readonly avoid: AvoidRule | undefined;
  readonly onEnded: (cell: Cell, ended: CellOutcome["ended"]) => void;
}

/**
 * Runs the cells, each under the same seed. One that is not as expected leaves its whole report in `cells/`.
 * @throws the signal's reason when interrupted.
 */
export async function runCells(
  cells: readonly Cell[],
  { runs, system, jobFiles, asked, avoid, onEnded }: CellRuns,
): Promise<void> {
  const { seed, signal, progress } = runs;
  let ended = 0;
  let unexpected = 0;
  await inParallel(cells, runs.atOnce, async (cell) => {
    signal.throwIfAborted();
    const { scenario, fix, timing } = cell;
    const place = `${scenario.id} · timing ${timing.name} · fix ${fix}`;
    progress.update(`${ended} of ${cells.length} cells, ${unexpected} not as expected; now ${place}`);
    const engine = runs.newEngine();
    const run = await runQuietly({
      scenario,
      engine,
      system,
      fix,
      avoid,
      seed,
      jobFiles,
      signal,
      runId: `${runs.runId}-${cells.indexOf(cell) + 1}`,
      profile: timing.profile,
      edges: scenario.edges,
      // A matrix asks what comes out; the run that its replay does watches on.
      driveOnMs: 0,
      prove: false,
      replay: replayCommand({
        fix,
        seed,
        scenario: scenario.id,
        engine: engine.name,
        timing: timing.name,
        askedEngine: asked.engine,
        system: system.name,
        set: asked.set,
        avoid: asked.avoid,
      }),
    });
    ended += 1;
    const { result, exitCode } = run;
    if (result.asExpected) return onEnded(cell, { kind: "judged", result, exitCode });
    unexpected += 1;
    const folder = join(runs.folder, "cells", fileName([scenario.id, timing.name, fix]));
    run.writeReport(folder);
    progress.note(`not as expected: ${place}: ${result.verdict}, expected ${result.expected}`);
    onEnded(cell, { kind: "judged", result, exitCode, folder });
  });
}

/** A timing may be a path. */
function fileName(words: readonly string[]): string {
  return words.map((word) => word.replaceAll(/[^\w.+-]+/g, "_")).join("-");
}
