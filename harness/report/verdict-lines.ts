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
    ...invariantLines(result),
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
  return `${colour.bold(`${word}, ${expectation(result)}`)}   ${facts.join(" · ")}`;
}

function expectation({ asExpected, expected, fix, verdict, loss }: Result): string {
  if (asExpected) return `as expected under fix ${fix}`;
  const isExpected = [verdict, `${verdict} ${loss}`].includes(expected);
  return isExpected ? "as expected, but for an invariant that must hold always" : `expected: ${expected}`;
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

/** Short when all hold; each that does not, with what was found. */
function invariantLines({ invariants }: Result): string[] {
  if (invariants.length === 0) return [];
  const held = invariants.filter((invariant) => invariant.held === true).length;
  const broken = invariants.filter((invariant) => invariant.held === false);
  const open = Map.groupBy(
    invariants.filter((invariant) => invariant.held === null),
    (invariant) => invariant.seen,
  );
  return [
    `  ${chalk.dim("invariants")}  ${held} of ${invariants.length}`,
    ...broken.map(({ id, name, excepted, seen }) => {
      const label = excepted ? "excepted" : chalk.red("broken  ");
      return `    ${label}  ${id} ${name}: ${seen}`;
    }),
    ...[...open].map(
      ([why, those]) => `    not checked  ${those.map(({ id, name }) => `${id} ${name}`).join(", ")}: ${why}`,
    ),
  ];
}
