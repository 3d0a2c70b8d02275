import { parseForeignLine } from "./foreign-line.ts";
import { readFields } from "./log-fields.ts";

/** A log line of the kind `TIME LEVEL MESSAGE key=value …`, taken apart. */
export interface LogLine {
  /** Epoch milliseconds as the machine printed them; undefined if the line has no time of its own. */
  readonly timeMs: number | undefined;
  readonly level: string;
  /** Everything after the level: the message, then the fields. */
  readonly rest: string;
  readonly fields: Readonly<Record<string, string>>;
}

// `s`: a value may hold a Unicode line separator, which ends a line for `.` but for nothing that splits a log.
// By position, not by name: an object of named groups for each line is a good part of reading a log.
const HEAD = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)\s+([A-Z]+)\s+(.*)$/s;

/** Reads one line; undefined if it is none of the kinds that are known. */
export function parseLogLine(text: string): LogLine | undefined {
  const head = HEAD.exec(text);
  if (head === null) return parseForeignLine(text);
  const [, time = "", level = "", rest = ""] = head;
  return {
    level,
    rest,
    // Read when asked for: of most lines nobody wants to know more than that no pattern fits.
    get timeMs() {
      return readTime(time);
    },
    get fields() {
      return readFields(rest);
    },
  };
}

function readTime(text: string): number | undefined {
  const timeMs = Date.parse(text);
  return Number.isNaN(timeMs) ? undefined : timeMs;
}
