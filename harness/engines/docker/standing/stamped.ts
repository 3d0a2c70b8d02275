import { createFrameReader, type Frame } from "../logs/frames.ts";
import { createLineSplitter } from "../logs/lines.ts";

/** A line with the time at which the engine noted it: `2026-11-22T05:14:00.123456789Z`, so that texts sort like times. */
export interface StampedLine {
  readonly stamp: string;
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}

/** Cuts a log that was asked for with timestamps into lines; each piece of it begins with its own. */
export function createStampedReader(onLine: (line: StampedLine) => void): {
  onFrame(frame: Frame): void;
  onEnd(): void;
} {
  const create = (stream: "stdout" | "stderr") => {
    // A line that comes in several pieces has the time of its last one.
    let stamp = "";
    const splitter = createLineSplitter((text) => onLine({ stamp, stream, text }));
    return {
      write: (bytes: Buffer) => {
        const end = bytes.indexOf(" ");
        stamp = bytes.subarray(0, end).toString("latin1");
        splitter.write(bytes.subarray(end + 1));
      },
      end: () => splitter.end(),
    };
  };
  const of = { stdout: create("stdout"), stderr: create("stderr") };
  return {
    onFrame: ({ stream, bytes }) => of[stream].write(bytes),
    onEnd: () => {
      of.stdout.end();
      of.stderr.end();
    },
  };
}

/** All the lines of a log that was fetched as a whole. */
export function stampedLines(log: Buffer): StampedLine[] {
  const lines: StampedLine[] = [];
  const reader = createStampedReader((line) => lines.push(line));
  createFrameReader((frame) => reader.onFrame(frame)).write(log);
  reader.onEnd();
  return lines;
}

/**
 * Leaves out what was told already when a log is read again from the time of the last line on: that time is asked for
 * inclusively, and several lines may have it.
 */
export interface Resumption {
  /** Where to read on from; undefined: nothing was read yet. */
  since(): string | undefined;
  /** To be called before each reading. */
  begin(): void;
  /** Whether the line is one that was not told yet. */
  isNew(line: StampedLine): boolean;
}

export function createResumption(told: readonly StampedLine[] = []): Resumption {
  let last = told.at(-1)?.stamp;
  let count = told.filter(({ stamp }) => stamp === last).length;
  let toSkip = 0;
  return {
    since: () => last,
    begin: () => {
      toSkip = count;
    },
    isNew: ({ stamp }) => {
      if (stamp === last && toSkip > 0) {
        toSkip -= 1;
        return false;
      }
      count = stamp === last ? count + 1 : 1;
      last = stamp;
      return true;
    },
  };
}

/** As the engine takes a time: seconds since the epoch, to the nanosecond. */
export function secondsOf(stamp: string): string {
  const [whole = "", fraction = "0Z"] = stamp.split(".");
  const seconds = Date.parse(whole.endsWith("Z") ? whole : `${whole}Z`) / 1_000;
  return `${seconds}.${fraction.replace("Z", "").padEnd(9, "0")}`;
}
