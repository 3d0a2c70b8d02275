import chalk from "chalk";
import { sayDuration } from "../timing/duration.ts";
import { LOSS_NAMES } from "../vocabulary.ts";
import type { Result } from "./result.ts";
import { sayProof } from "./say-proof.ts";

/** The end of a run, for people: the verdict, why, the evidence, and how to see it again. */
export function verdictLines(result: Result, folder: string): string[] {
  return [
    "",
    headline(result),
    ...reasons(result.because).map((part) => `  ${part}`),
    ...evidence(result),
    ...proof(result),
    chalk.dim(`  report   ${folder}`),
    chalk.dim(`  replay   ${result.replay}`),
  ];
}

/** What happened to the message comes first; the rest says how it is known. */
function reasons(because: string): string[] {
  const parts = because.split("; ");
  return [...parts.filter(isAboutTheMessage), ...parts.filter((part) => !isAboutTheMessage(part))];
}

function isAboutTheMessage(part: string): boolean {
  return part.startsWith("message lost: ") || part.startsWith("publishing raised no error");
}

function headline(result: Result): string {
  const simulated = result.simulated ? "SIMULATED " : "";
  const word = simulated + result.verdict.toUpperCase();
  const expectation = result.asExpected
    ? `, as expected under fix ${result.fix}`
    : `, expected: ${result.expected}`;
  const loss = result.loss === null ? [] : [`${result.loss} ${LOSS_NAMES[result.loss]}`];
  const sources = new Set(result.witnesses.map((witness) => witness.source)).size;
  const facts = [
    ...loss,
    ...(sources > 0 ? [`${sources} independent ${sources === 1 ? "witness" : "witnesses"}`] : []),
    ...(result.proof === null ? [] : [result.proof.proven ? "proven" : "not proven"]),
    sayDuration(result.verdictMs),
    ...(result.simulated ? [`${sayDuration(result.virtualMs)} virtual`] : []),
  ];
  const colour = result.asExpected ? chalk.green : result.verdict === "unknown" ? chalk.yellow : chalk.red;
  return `${colour.bold(word + expectation)}   ${facts.join(" · ")}`;
}

/** What was done by hand to see whether the loss is the cause. */
function proof({ proof, noProof, loss }: Result): string[] {
  if (proof !== null) return [`  ${chalk.dim("proof")}    ${sayProof(proof)}`];
  return loss === null || noProof === null ? [] : [`  ${chalk.dim("proof")}    none: ${noProof}`];
}

/** One witness a source is enough to read; all of them are in the report. */
function evidence(result: Result): string[] {
  const firsts = new Map(result.witnesses.toReversed().map((witness) => [witness.source, witness]));
  return [...firsts.values()]
    .toReversed()
    .map((witness) => `  ${chalk.dim("witness")}  ${witness.source.padEnd(6)} ${witness.text}`);
}
