export type LogLevel = "debug" | "info" | "warn" | "error";
/** Undefined fields are left out, so that callers can pass what they may not know. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** One line an event: `LEVEL MESSAGE key=value …` (spec, 1-system, "Log lines"). */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}
