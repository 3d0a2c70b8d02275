import type { KnobAnswer } from "../matrix/timing-question.ts";
import { writeDuration } from "../timing/duration.ts";
import type { Knob } from "../timing/profile.ts";
import { outcomeOf } from "./outcome.ts";

/** Seed 001, "Fast Timing": "Tests if the 15s reevaluation batch delay is the culprit". */
const ASKED_BY_SEED_001: Knob = "reevaluationBatch";

/** For people; `command` is what answers where this matrix does not. */
export function timingAnswerLines(answers: readonly KnobAnswer[], command: string): string[] {
  const lines = answers.flatMap(answerLines);
  if (answers.some(({ knob }) => knob === ASKED_BY_SEED_001)) return lines;
  return [
    ...lines,
    `Is ${ASKED_BY_SEED_001} the culprit, as seed 001 asks? This matrix cannot tell; this answers it:`,
    `  ${command}`,
  ];
}

function answerLines(answer: KnobAnswer): string[] {
  const { knob, from, to, says, pairs } = answer;
  const asks = knob === ASKED_BY_SEED_001 ? ", as seed 001 asks" : "";
  const cured = pairs.filter(({ after }) => after.verdict === "held").length;
  const all = pairs.length === 1 ? "the one violated scenario" : `all ${pairs.length} violated scenarios`;
  const told = {
    yes: `Yes: with ${writeDuration(to)} ${all} would hold`,
    no: `No: ${all} stay${pairs.length === 1 ? "s" : ""} so${pairs.every(isSameLoss) ? ", by the same loss" : ""}`,
    partly: `Partly: with ${writeDuration(to)} ${cured} of ${pairs.length} would hold`,
    unclear:
      pairs.length === 0
        ? "Nothing is violated at the default pace, so there is nothing to explain"
        : "Unclear: a run could not tell",
  }[says];
  return [
    `Is ${knob}=${writeDuration(from)} the culprit${asks}? ${told}.`,
    `  with ${knob}=${writeDuration(to)} and everything else as by default (${answer.timing}):`,
    ...pairs.map(({ before, after }) => `    ${before.scenario}: ${outcomeOf(before)} → ${outcomeOf(after)}`),
  ];
}

function isSameLoss({ before, after }: KnobAnswer["pairs"][number]): boolean {
  return before.loss === after.loss;
}
