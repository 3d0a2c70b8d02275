/** Knowledge about one log line: what it is called, where it comes from, what seeing it means. */
export interface LogPattern {
  readonly name: string;
  /** The role of the machine that prints it. */
  readonly source: string;
  /** Matched against the line; named groups become fields. */
  readonly match: RegExp;
  readonly means: string;
  /** Part of the story that is told while a run goes on, not only of the record. */
  readonly tell: boolean;
}

export function logPattern(pattern: Omit<LogPattern, "tell"> & { readonly tell?: boolean }): LogPattern {
  return { tell: false, ...pattern };
}

/** What a system made of one line of one machine. */
export interface LogReading {
  readonly pattern: LogPattern;
  readonly machine: string;
  /** Epoch milliseconds: the line's own time where it has one, else when it arrived. */
  readonly timeMs: number;
  readonly fields: Readonly<Record<string, string>>;
  readonly text: string;
}
