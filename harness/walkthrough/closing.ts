import chalk from "chalk";
import { outcomeOf } from "../report/outcome.ts";
import type { Result } from "../report/result.ts";
import { verdictLines } from "../report/verdict-lines.ts";
import type { Entry } from "../timeline/entry.ts";
import { LOSS_NAMES } from "../vocabulary.ts";
import { drawSequence } from "./draw-sequence.ts";
import { LOSSES, remarksOnFix } from "./fixes.ts";
import type { Person } from "./person.ts";
import { checkedLines, REMARK_INDENT } from "./remark.ts";
import { sequenceEvents, subjectOf } from "./sequence-events.ts";
import { table } from "./tables.ts";

/** A run that has come to its end. */
export interface Closed {
  readonly result: Result;
  readonly timeline: readonly Entry[];
  readonly folder: string;
}

/** The verdict, what became of one message, and, of a run under a fix, what that shows. */
export function tellClosing(person: Person, closed: Closed, before: Result | undefined): void {
  const { result, timeline, folder } = closed;
  for (const line of verdictLines(result, folder)) person.tell(line, line.startsWith("    ") ? 6 : 4);
  if (result.verdict === "unknown" && !result.simulated) {
    person.tell("");
    person.tell(
      "  Containers do not wait while you read: what has to be true may have ceased to be. A simulation does: --engine sim",
      2,
    );
  }
  const subject = subjectOf(timeline);
  if (subject !== undefined) {
    person.tell("");
    person.tell(chalk.bold(`  What became of the messages for ${subject.edge}`), 2);
    person.tell("");
    const events = sequenceEvents(timeline, subject);
    for (const line of drawSequence(events, { width: person.width, edge: subject.edge })) person.tell(line);
  }
  if (result.loss !== null) {
    person.tell("");
    person.tell(`  ${result.loss} ${LOSS_NAMES[result.loss]}: ${LOSSES[result.loss]}`, 2);
  }
  const remarks = before === undefined ? [] : remarksOnFix(result, before);
  const evidence = { seen: undefined, step: timeline, all: timeline, expected: result.expected };
  if (remarks.length > 0) person.tell("");
  for (const line of checkedLines(remarks, evidence)) person.tell(line, REMARK_INDENT);
}

/** What each fix has made of the same scenario. */
export function comparison(results: readonly Result[], width: number): readonly string[] {
  return table(
    ["FIX", "VERDICT", "EXPECTED"],
    results.map((result) => [result.fix, outcomeOf(result), result.expected]),
    width,
  );
}
