import chalk from "chalk";
import type { MachineLine } from "../engines/engine.ts";
import { UsageError } from "../errors.ts";
import type { LogPattern, LogReading } from "../logs/pattern.ts";
import { messageOf } from "../report/story.ts";
import type { LineReader } from "../systems/system.ts";
import { list } from "../text/list.ts";
import { nearest } from "../text/nearest.ts";

/** Which lines somebody wants to see. */
export type Grep =
  | { readonly is: "everything" }
  | { readonly is: "pattern"; readonly name: string }
  | { readonly is: "expression"; readonly expression: RegExp };

/** The name of a known pattern, or else a regular expression. @throws UsageError */
export function chooseGrep(given: string | undefined, patterns: readonly LogPattern[]): Grep {
  if (given === undefined) return { is: "everything" };
  if (patterns.some(({ name }) => name === given)) return { is: "pattern", name: given };
  try {
    return { is: "expression", expression: new RegExp(given) };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.replace(/^Invalid regular expression: /, "") : "";
    throw new UsageError(
      `--grep: "${given}" is neither a regular expression (${why}) nor the name of a known line; ` +
        "`repro logs --help` lists those",
      { cause },
    );
  }
}

/** Said once, beforehand: a slip in a name is a good expression that matches nothing. */
export function grepHint(grep: Grep, patterns: readonly LogPattern[]): string | undefined {
  if (grep.is !== "expression") return undefined;
  const meant = nearest(
    grep.expression.source,
    patterns.map(({ name }) => name),
  );
  return meant === "" ? undefined : `--grep: taken for a regular expression${meant}`;
}

/** Said in place of lines, where there are none. */
export function sayNothing({ is }: Grep, killed: readonly string[]): string {
  const nothing = is === "everything" ? "there is no line" : "no line matches";
  if (killed.length === 0) return nothing;
  return `${nothing}; ${list(killed)} ${killed.length === 1 ? "was" : "were"} killed, and the log went with the container`;
}

/** An explanation that so many lines have come after has been scrolled away. */
const SCREEN = 40;

/**
 * Turns the lines of a stack into what is shown of them: whose each is, those that are known marked and highlighted,
 * and beneath the first of a kind what seeing it means; again when that has left the screen.
 */
export function createLogView(at: {
  readonly read: LineReader;
  readonly grep: Grep;
  /** Of the longest name. */
  readonly nameWidth: number;
}): (line: MachineLine) => readonly string[] {
  const { read, grep, nameWidth } = at;
  const explainedAt = new Map<string, number>();
  let shown = 0;
  return (line) => {
    // Read whether shown or not: some readings are made of several lines.
    const readings = read(line);
    const reading = readings.find(({ pattern }) => grep.is !== "pattern" || pattern.name === grep.name);
    // A message's own line is known for what it is only by the one that follows, with its content.
    const text = grep.is === "pattern" ? (reading?.text ?? line.text) : line.text;
    const isShown =
      grep.is === "everything" ||
      (grep.is === "pattern" ? reading !== undefined : grep.expression.test(line.text));
    if (!isShown) return [];
    const name = chalk.dim(line.machine.padEnd(nameWidth));
    if (reading === undefined) {
      shown += 1;
      return [`${name}    ${text}`];
    }
    const lines = [`${name}  ${colourOf(reading)("*")} ${highlighted(text, reading)}`];
    const before = explainedAt.get(reading.pattern.name);
    if (before === undefined || shown - before >= SCREEN) {
      explainedAt.set(reading.pattern.name, shown);
      const { name: known, means } = reading.pattern;
      lines.push(`${" ".repeat(nameWidth)}    ${chalk.dim(`└ ${known}: ${means}`)}`);
    }
    shown += lines.length;
    return lines;
  };
}

function highlighted(text: string, reading: LogReading): string {
  const message = messageOf({ ...reading, text });
  const at = text.indexOf(message);
  if (at === -1) return text;
  return text.slice(0, at) + colourOf(reading)(message) + text.slice(at + message.length);
}

/** What is part of the story stands out. */
function colourOf({ pattern }: LogReading) {
  return pattern.tell ? chalk.bold.yellow : chalk.cyan;
}
