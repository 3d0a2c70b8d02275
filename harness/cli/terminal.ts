import { createInterface } from "node:readline";
import type { Person } from "../walkthrough/person.ts";
import { wrap } from "../walkthrough/wrap.ts";
import { columnsOf } from "./terminal-width.ts";
import { createProgress } from "./progress.ts";

/** What is read on: no terminal has this many columns, or somebody chose the plainest. */
const PLAIN_WIDTH = 80;
const NARROWEST = 40;
const WIDEST = 100;

/** Whether there is somebody to ask. */
export function isTerminal(): boolean {
  return process.stdin.isTTY && process.stdout.isTTY;
}

/**
 * Whoever sits at this process's terminal. `isAsked: false`: nobody, every question is taken for answered by Enter, and
 * not even put.
 */
export function createTerminalPerson(
  signal: AbortSignal,
  options: { readonly isAsked: boolean; readonly typed?: ((text: string) => string) | undefined },
): Person & Disposable {
  const { stdin, stdout } = process;
  const { typed = (text) => text } = options;
  const width = Math.min(Math.max(columnsOf(stdout) ?? PLAIN_WIDTH, NARROWEST), WIDEST);
  const write = (text: string) => void stdout.write(text);
  const progress = stdout.isTTY ? createProgress({ write, columns: width, nowMs }) : undefined;
  const answers = options.isAsked ? readAnswers(stdin) : undefined;
  return {
    width,
    tell: (line, hang) => {
      progress?.end();
      for (const part of wrap(typed(line), width, hang)) write(`${part}\n`);
    },
    showProgress: (text) => {
      if (text === "") progress?.end();
      else progress?.update(text);
    },
    ask: async (question, hint) => {
      if (answers === undefined) return "";
      progress?.end();
      if (hint !== undefined) write("\n");
      for (const part of hint === undefined ? [] : wrap(`  ${hint}`, width)) write(`${part}\n`);
      write(`\n  ${question} > `);
      const endLine = () => write("\n");
      signal.addEventListener("abort", endLine, { once: true });
      const answer = await answers.next(signal).finally(() => signal.removeEventListener("abort", endLine));
      if (answer === undefined) endLine();
      return answer?.trim().toLowerCase();
    },
    [Symbol.dispose]: () => {
      progress?.end();
      answers?.close();
    },
  };
}

/**
 * Lines as the terminal hands them over; it does the editing, and makes Ctrl-C a signal. What is typed while nobody
 * asks is nobody's answer.
 */
function readAnswers(stdin: NodeJS.ReadStream) {
  const lines = createInterface({ input: stdin, terminal: false });
  let waiting: ((answer: string | undefined) => void) | undefined;
  let isOver = false;
  lines.on("line", (line) => waiting?.(line));
  const end = () => {
    isOver = true;
    waiting?.(undefined);
  };
  lines.on("close", end);
  // A terminal that is closed is no end of input but an error.
  stdin.on("error", end);
  return {
    next: (signal: AbortSignal) =>
      new Promise<string | undefined>((resolve, reject) => {
        const abort = () => settle(() => reject(signal.reason));
        const settle = (end: () => void) => {
          waiting = undefined;
          signal.removeEventListener("abort", abort);
          end();
        };
        waiting = (answer) => settle(() => resolve(answer));
        if (signal.aborted) abort();
        else if (isOver) waiting(undefined);
        else signal.addEventListener("abort", abort, { once: true });
      }),
    close: () => lines.close(),
  };
}

/** By a clock that a simulation leaves alone. */
function nowMs(): number {
  return Number(process.hrtime.bigint() / 1_000_000n);
}
