import chalk from "chalk";
import { wrap } from "../walkthrough/wrap.ts";
import type { Finding, Verdict } from "./finding.ts";

const COLOURS: Readonly<Record<Verdict, (text: string) => string>> = {
  ok: chalk.green,
  note: chalk.yellow,
  broken: chalk.red,
};

/** Of the longest id, and a gap. */
export const ID_WIDTH = 16;
const INDENT = 8;

/** For people: a line for what is fine; for the rest, or for everything, why it matters and what mends it. */
export function toldFindings(
  findings: readonly Finding[],
  options: { readonly width: number; readonly isVerbose: boolean },
): readonly string[] {
  const lines = findings.flatMap((finding) => told(finding, options));
  const count = (verdict: Verdict) => findings.filter((finding) => finding.verdict === verdict).length;
  const counts = `${count("ok")} ok, ${count("note")} to note, ${count("broken")} broken`;
  const sum = count("broken") === 0 ? "nothing prevents a run" : "first mend what is broken";
  return [...lines, "", `${counts}: ${sum}`];
}

function told(
  { id, verdict, asks, seen, why, mend, details = [] }: Finding,
  { width, isVerbose }: { readonly width: number; readonly isVerbose: boolean },
): readonly string[] {
  const hang = INDENT + ID_WIDTH;
  const head = `${COLOURS[verdict](verdict.padEnd(INDENT))}${id.padEnd(ID_WIDTH)}`;
  const below = (word: string, text: string) => `${" ".repeat(hang)}${chalk.dim(word.padEnd(6))}${text}`;
  const isShort = verdict === "ok" && !isVerbose;
  return [
    ...wrap(`${head}${seen}`, width, hang),
    ...(isVerbose ? details.flatMap((line) => wrap(below("", line), width, hang + 8)) : []),
    ...(isVerbose ? wrap(below("asked", asks), width, hang + 6) : []),
    ...(isShort ? [] : wrap(below("why", why), width, hang + 6)),
    // Whole, however wide, to be copied.
    ...(mend === undefined ? [] : [below("mend", mend)]),
  ];
}
