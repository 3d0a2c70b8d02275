import { stripVTControlCharacters } from "node:util";
import { columnsOf } from "./terminal-width.ts";
import { wrap } from "../walkthrough/wrap.ts";

/** What somebody copies as it is: a line that the terminal itself breaks is copied whole. */
const COPIED = /^ *(?:report|replay) /;

/** Labels stand before this column. */
const LABELS_WIDTH = 24;

/**
 * Breaks lines between words where the terminal ends, and goes on below the text, not below its label. What is piped
 * stays as it is.
 */
export function fitted(
  out: (line: string) => void,
  columns = columnsOf(process.stdout),
): (line: string) => void {
  if (columns === undefined) return out;
  return (line) => {
    const text = stripVTControlCharacters(line);
    for (const part of COPIED.test(text) ? [line] : wrap(line, columns, textColumn(text))) out(part);
  };
}

/** Where the text begins that follows the last label; undefined if there is none. */
function textColumn(line: string): number | undefined {
  const gap = [...line.slice(0, LABELS_WIDTH).matchAll(/\S {2,}(?=\S)/g)].at(-1);
  return gap && gap.index + gap[0].length;
}
