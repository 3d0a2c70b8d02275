import { openArtifacts } from "../report/artifacts.ts";
import type { Result } from "../report/result.ts";
import type { Entry } from "../timeline/entry.ts";
import { errorLines, exitCodeOfError, exitCodeOfResult } from "./exit-code.ts";
import { judgeOnce, resultOf, type Run } from "./judge-once.ts";
import { peopleFiles } from "./people-files.ts";

/** One of many runs: tells nothing, and writes nothing unless asked afterwards. */
export interface QuietRun {
  readonly result: Result;
  readonly timeline: readonly Entry[];
  readonly exitCode: number;
  /** Leaves the whole report in this folder, as `repro run` does. */
  readonly writeReport: (folder: string) => void;
}

/**
 * Runs and judges. What goes wrong is this run's own end, an `unknown` with the exit code of the error, so that
 * one of many does not take the others with it.
 * @throws the signal's reason when interrupted.
 */
export async function runQuietly(run: Run): Promise<QuietRun> {
  const startedAt = new Date();
  const lines: (readonly [machine: string, text: string])[] = [];
  const report =
    (timeline: readonly Entry[], result: Result) =>
    (folder: string): void => {
      const artifacts = openArtifacts(folder, { live: false });
      for (const [machine, text] of lines) artifacts.line(machine, text);
      artifacts.finish(timeline, result, peopleFiles(run, result, timeline));
    };
  try {
    const { result, outcome } = await judgeOnce(run, {
      onEntry: () => {},
      onLine: (machine, text) => lines.push([machine, text]),
    });
    const { timeline } = outcome;
    return { result, timeline, exitCode: exitCodeOfResult(result), writeReport: report(timeline, result) };
  } catch (error) {
    if (run.signal.aborted) throw error;
    const result = resultOf(run, startedAt, {
      verdict: { is: "unknown", because: errorLines(error).join("; ") },
      timeline: [],
      invariants: [],
      sequences: [],
      setupMs: 0,
      verdictMs: 0,
      wallMs: Date.now() - startedAt.getTime(),
      virtualMs: 0,
    });
    return { result, timeline: [], exitCode: exitCodeOfError(error), writeReport: report([], result) };
  }
}
