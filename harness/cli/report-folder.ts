import { join, resolve } from "node:path";
import { UsageError } from "../errors.ts";
import { REPOSITORY } from "./choose-engine.ts";

/**
 * Where a report goes: the folder that `--out` names, else one of its own in `.repro/`.
 * @throws UsageError if it names none: `--out "$UNSET"` is not meant to fill the current folder.
 */
export function reportFolder(runId: string, out: string | undefined): string {
  if (out === "") throw new UsageError('--out: got "", accepted is the folder to write the report to');
  return out === undefined ? join(REPOSITORY, ".repro", runId) : resolve(out);
}

/** Sorts by time, and differs between runs that start in the same second. */
export function newRunId(startedAt: Date): string {
  const time = startedAt.toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
  return `${time}-${Math.random().toString(36).slice(2, 8).padEnd(6, "0")}`;
}
