import chalk from "chalk";
import { findLeftovers, removeLeftovers } from "../engines/docker/clean.ts";
import { type CleanUp, countThings, sayCounts, together } from "../engines/docker/clean/plan.ts";
import { commandFor } from "../standing/choose.ts";
import { requireDocker } from "./choose-engine.ts";
import { EXIT } from "./exit-code.ts";
import type { CommandWorld } from "./run-command.ts";

/** As typed. */
export interface CleanFlags {
  readonly all?: boolean;
  readonly dryRun?: boolean;
}

/** `repro clean`: by label and dead owner; `--all` also takes from the living. */
export async function cleanCommand(
  flags: CleanFlags,
  { out, err }: Pick<CommandWorld, "out" | "err">,
): Promise<number> {
  const { docker } = await requireDocker();
  const all = flags.all === true;
  if (flags.dryRun === true) {
    const runs = await findLeftovers(docker, { all });
    for (const line of cleanUpLines(runs, DRY)) out(line);
    return EXIT.asExpected;
  }
  const cleaned = await removeLeftovers(docker, { all });
  for (const line of cleanUpLines(cleaned.runs, DONE, sayCounts(cleaned))) out(line);
  const left = [...cleaned.left, ...cleaned.stuck];
  for (const thing of left) err(`repro: could not remove ${thing}`);
  return left.length > 0 ? EXIT.environment : EXIT.asExpected;
}

interface Words {
  readonly removed: string;
  readonly left: string;
  /** Whether each thing is named, or they are only counted. */
  readonly named: boolean;
}

export const DONE: Words = { removed: "removed", left: "left", named: false };
export const DRY: Words = { removed: "would remove", left: "would leave", named: true };

/** First what goes, then what stays and why. */
export function cleanUpLines(
  runs: readonly CleanUp[],
  { removed, left, named }: Words,
  removedCounts?: string,
): string[] {
  const gone = runs.filter(({ remove }) => remove);
  const spared = runs.filter(({ remove }) => !remove);
  const lines = [`${removed} ${removedCounts ?? countsOf(gone)}`, ...linesOf(gone, named)];
  if (spared.length === 0) return lines;
  return [...lines, `${left} ${countsOf(spared)} (--all removes them too)`, ...linesOf(spared, named)];
}

function linesOf(runs: readonly CleanUp[], named: boolean): string[] {
  return runs.flatMap(({ run, things, why, remove, stands }) => [
    `  ${chalk.bold(run)}  ${why}: ${sayCounts(countThings(things))}`,
    // `--all` would take those of everybody else as well.
    ...(stands && !remove ? [`    remove it alone: ${commandFor(run, "down")}`] : []),
    ...(named ? namesOf(things) : []),
  ]);
}

function namesOf({ containers, networks, volumes, images }: CleanUp["things"]): string[] {
  const lines = (kind: string, of: readonly { readonly name: string }[]) =>
    of.map(({ name }) => `    ${kind.padEnd(9)}  ${name}`).toSorted();
  return [
    ...lines("container", containers),
    ...lines("network", networks),
    ...lines("volume", volumes),
    ...lines("image", images),
  ];
}

function countsOf(runs: readonly CleanUp[]): string {
  return sayCounts(countThings(together(runs.map(({ things }) => things))));
}
