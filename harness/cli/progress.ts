import { columnsOf } from "./terminal-width.ts";

/** How far many runs have come, on standard error. */
export interface Progress {
  /** The state of things; replaces the line before in a terminal, and is told now and then where it is piped. */
  readonly update: (text: string) => void;
  /** Something that must not get lost. */
  readonly note: (text: string) => void;
  /** No more of it: a terminal's line is cleared. */
  readonly end: () => void;
}

/** Piped, so many milliseconds go by from one line to the next. */
const PIPED_EVERY_MS = 1_000;
const CLEAR_LINE = "\r\u001b[2K";

export function createProgress(at: {
  readonly write: (text: string) => void;
  /** Undefined: not a terminal. */
  readonly columns: number | undefined;
  /** Milliseconds on any clock that goes on. */
  readonly nowMs: () => number;
}): Progress {
  const { write, columns, nowMs } = at;
  if (columns === undefined) {
    let toldAtMs = nowMs();
    return {
      update: (text) => {
        if (nowMs() - toldAtMs < PIPED_EVERY_MS) return;
        toldAtMs = nowMs();
        write(`${text}\n`);
      },
      note: (text) => write(`${text}\n`),
      end: () => {},
    };
  }
  let shown = "";
  return {
    update: (text) => {
      // A line that wraps could not be cleared; one that is cut says so.
      shown = text.length < columns ? text : `${text.slice(0, Math.max(0, columns - 2))}…`;
      write(`${CLEAR_LINE}${shown}`);
    },
    note: (text) => write(`${CLEAR_LINE}${text}\n${shown}`),
    end: () => {
      if (shown !== "") write(CLEAR_LINE);
      shown = "";
    },
  };
}

/** On this process's standard error; by a clock that a simulation leaves alone. */
export function progressOnStderr(): Progress {
  const { stderr } = process;
  return createProgress({
    write: (text) => void stderr.write(text),
    columns: columnsOf(stderr),
    nowMs: () => Number(process.hrtime.bigint() / 1_000_000n),
  });
}
