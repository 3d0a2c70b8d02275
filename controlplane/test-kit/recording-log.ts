import type { Log, LogFields, LogLevel } from "../ports/log.ts";

export interface RecordingLog extends Log {
  readonly lines: readonly {
    readonly level: LogLevel;
    readonly message: string;
    readonly fields: LogFields;
  }[];
  /** `level message` of every line whose message starts with one of the words, or of all. */
  told(...starts: string[]): string[];
  /** The fields of the lines whose message starts like this. */
  fields(start: string): LogFields[];
}

/** Keeps what was logged. */
export function createRecordingLog(
  onLine: (line: { readonly message: string; readonly fields: LogFields }) => void = () => {},
): RecordingLog {
  const lines: { level: LogLevel; message: string; fields: LogFields }[] = [];
  const write =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      lines.push({ level, message, fields });
      onLine({ message, fields });
    };
  return {
    lines,
    told: (...starts) =>
      lines
        .filter(({ message }) => starts.length === 0 || starts.some((start) => message.startsWith(start)))
        .map(({ level, message }) => `${level} ${message}`),
    fields: (start) => lines.filter(({ message }) => message.startsWith(start)).map(({ fields }) => fields),
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
  };
}
