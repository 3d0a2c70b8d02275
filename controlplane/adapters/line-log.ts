import type { Log, LogFields, LogLevel } from "../ports/log.ts";

const LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error"];

export interface LineLogOptions {
  readonly level: LogLevel;
  readonly format: "text" | "json";
  /** The time as it is printed: RFC 3339 with milliseconds. */
  readonly now: () => string;
  readonly writeLine: (line: string) => void;
}

/** One line an event: `TIME LEVEL MESSAGE key=value …`, or the same fields as JSON. */
export function createLineLog(options: LineLogOptions): Log {
  const write = (level: LogLevel, message: string, fields: LogFields = {}): void => {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(options.level)) return;
    const time = options.now();
    options.writeLine(
      options.format === "json"
        ? jsonLine({ time, level, message }, fields)
        : `${time} ${level.toUpperCase().padEnd(5)} ${message}${textFields(fields)}`,
    );
  };
  return {
    debug: (message, fields) => write("debug", message, fields),
    info: (message, fields) => write("info", message, fields),
    warn: (message, fields) => write("warn", message, fields),
    error: (message, fields) => write("error", message, fields),
  };
}

function jsonLine(own: { time: string; level: LogLevel; message: string }, fields: LogFields): string {
  // Once to be the first in the line, and once so that no field can take their place.
  return JSON.stringify({ ...own, ...fields, ...own });
}

function textFields(fields: LogFields): string {
  let text = "";
  for (const [key, value] of Object.entries(fields)) {
    if (value !== undefined) text += ` ${key}=${quoted(String(value))}`;
  }
  return text;
}

/** Quoted where a space or a line break would end the value or the line, or a control character the reading. */
function quoted(value: string): string {
  return value === "" || /[\s"=\p{Cc}]/u.test(value) ? JSON.stringify(value) : value;
}
