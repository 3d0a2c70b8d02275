import {
  appendFileSync,
  existsSync,
  mkdirSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { EnvironmentError } from "../errors.ts";
import type { Entry } from "../timeline/entry.ts";
import type { Result } from "./result.ts";

/** The folder of one run: `result.json`, `timeline.jsonl`, `logs/<machine>.log`, and what is made of them for people. */
export interface Artifacts {
  readonly folder: string;
  readonly line: (machine: string, text: string) => void;
  /** Writes the record, the result, and further files by name; one that is a script can be run. */
  readonly finish: (
    timeline: readonly Entry[],
    result: Result,
    files: Readonly<Record<string, string>>,
  ) => void;
  /**
   * Writes out what is left of the logs, for a run that has no result. Returns whether there is any; where there is
   * none, no empty folder is left either.
   */
  readonly abandon: () => boolean;
}

/** Characters of one machine's log that wait in memory. */
const BUFFER = 64 * 1024;

/**
 * `live`: every line is on disk at once, so that a run that is killed leaves its logs; a simulation is over
 * before anybody could look, and prints far more of them.
 * @throws EnvironmentError when the folder cannot be written.
 */
export function openArtifacts(folder: string, options: { readonly live: boolean }): Artifacts {
  orEnvironmentError(folder, () => makeFolder(join(folder, "logs")));
  const waiting = new Map<string, string>();
  const begun = new Set<string>();
  let broken: unknown;
  // A line that cannot be written ends no run in its middle: it is told at the end, with everything cleaned up.
  const flush = (machine: string, text: string) => {
    const write = begun.has(machine) ? appendFileSync : writeFileSync;
    begun.add(machine);
    try {
      write(join(folder, "logs", `${machine}.log`), text);
    } catch (error) {
      broken ??= error;
    }
  };
  const flushAll = () => {
    for (const [machine, text] of waiting) flush(machine, text);
    waiting.clear();
  };
  return {
    folder,
    line: (machine, text) => {
      const all = `${waiting.get(machine) ?? ""}${text}\n`;
      if (options.live || all.length > BUFFER) {
        flush(machine, all);
        waiting.delete(machine);
      } else waiting.set(machine, all);
    },
    finish: (timeline, result, files) => {
      orEnvironmentError(folder, () => {
        writeFileSync(join(folder, "timeline.jsonl"), timelineText(timeline));
        writeFileSync(join(folder, "result.json"), `${JSON.stringify(result, null, 2)}\n`);
        for (const [name, text] of Object.entries(files))
          writeFileSync(join(folder, name), text, { mode: name.endsWith(".sh") ? 0o755 : 0o644 });
        flushAll();
        if (broken !== undefined) throw broken;
      });
    },
    abandon: () => {
      flushAll();
      if (begun.size === 0) for (const empty of [join(folder, "logs"), folder]) removeIfEmpty(empty);
      return begun.size > 0;
    },
  };
}

/** Whether it was; something of somebody else's may be in it. */
export function removeIfEmpty(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch {
    // It is not, or cannot be: neither is a reason to hide why the run has ended.
    return false;
  }
}

/** Makes the folder and writes files into it, by name. @throws EnvironmentError when it cannot be written. */
export function writeReport(folder: string, files: Readonly<Record<string, string>>): void {
  orEnvironmentError(folder, () => {
    makeFolder(folder);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  });
}

/** One entry a line, in order of time. */
export function timelineText(timeline: readonly Entry[]): string {
  return timeline.map((entry) => `${JSON.stringify(entry)}\n`).join("");
}

/** `.repro/latest` always leads to the newest run. Two runs that end together may race for it; either is right. */
export function pointLatestAt(folder: string): void {
  const link = join(dirname(folder), "latest");
  try {
    rmSync(link, { force: true });
    symlinkSync(basename(folder), link);
  } catch {
    // Somebody else was faster, or the file system knows no links: the folder is named in the report anyway.
  }
}

/** @throws EnvironmentError when the folder cannot be written. */
export function orEnvironmentError<T>(folder: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new EnvironmentError({
      wanted: `a report in ${folder}`,
      seen: cause instanceof Error ? cause.message : String(cause),
      mend: "name a folder that can be written, on a disk with space: --out DIR",
      cause,
    });
  }
}

/** Node's own `recursive` never returns where the file system refuses with "no such file", as /proc does. */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}
