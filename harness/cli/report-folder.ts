import { join, resolve } from "node:path";
import { REPOSITORY } from "./choose-engine.ts";

/** Where a report goes: the folder that `--out` names, else one of its own in `.repro/`. */
export function reportFolder(runId: string, out: string | undefined): string {
  return out === undefined ? join(REPOSITORY, ".repro", runId) : resolve(out);
}

/** Sorts by time, and differs between runs that start in the same second. */
export function newRunId(startedAt: Date): string {
  const time = startedAt.toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
  return `${time}-${Math.random().toString(36).slice(2, 8).padEnd(6, "0")}`;
}
