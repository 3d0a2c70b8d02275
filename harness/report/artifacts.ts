import { createWriteStream, mkdirSync, rmSync, symlinkSync, writeFileSync, type WriteStream } from "node:fs";
import { basename, dirname, join } from "node:path";
import { finished } from "node:stream/promises";
import { EnvironmentError } from "../errors.ts";
import type { Entry } from "../timeline/entry.ts";
import type { Result } from "./result.ts";

/** The folder of one run: `result.json`, `timeline.jsonl`, `logs/<machine>.log`. */
export interface Artifacts {
  readonly folder: string;
  readonly line: (machine: string, text: string) => void;
  /** Writes the record and the result; resolves when everything is on disk. */
  finish(timeline: readonly Entry[], result: Result): Promise<void>;
  /** Closes what is open, for a run that has no result. */
  abandon(): Promise<void>;
}

/** @throws EnvironmentError when the folder cannot be written. */
export function openArtifacts(folder: string): Artifacts {
  try {
    mkdirSync(join(folder, "logs"), { recursive: true });
  } catch (cause) {
    throw new EnvironmentError({
      wanted: `a folder for the report, ${folder}`,
      seen: cause instanceof Error ? cause.message : String(cause),
      mend: "name a folder that can be written: --out DIR",
      cause,
    });
  }
  const logs = new Map<string, WriteStream>();
  const close = async () => {
    await Promise.all([...logs.values()].map((stream) => finished(stream.end())));
  };
  return {
    folder,
    line: (machine, text) => {
      let stream = logs.get(machine);
      if (stream === undefined) {
        stream = createWriteStream(join(folder, "logs", `${machine}.log`));
        logs.set(machine, stream);
      }
      stream.write(`${text}\n`);
    },
    finish: async (timeline, result) => {
      writeFileSync(
        join(folder, "timeline.jsonl"),
        timeline.map((entry) => `${JSON.stringify(entry)}\n`).join(""),
      );
      writeFileSync(join(folder, "result.json"), `${JSON.stringify(result, null, 2)}\n`);
      await close();
    },
    abandon: close,
  };
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
