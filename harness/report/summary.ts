import chalk from "chalk";
import { sayDuration } from "../timing/duration.ts";
import type { Result } from "./result.ts";
import { spreadOf, wilsonInterval } from "./statistics.ts";

/** After several runs: per scenario how many were as expected, what that says, and how long their verdicts took. */
export function summaryLines(results: readonly Result[]): string[] {
  const byScenario = Map.groupBy(results, (result) => result.scenario);
  return [
    "",
    ...[...byScenario].flatMap(([scenario, runs]) => {
      const good = runs.filter((run) => run.asExpected).length;
      const colour = good === runs.length ? chalk.green : chalk.red;
      return [
        `${colour(`${good} of ${runs.length} as expected`)}   ${scenario}`,
        chalk.dim(`  ${[...rate(good, runs.length), timesToVerdict(runs)].join(" · ")}`),
      ];
    }),
  ];
}

/** One run tells nothing of a rate. */
function rate(good: number, runs: number): string[] {
  return runs === 1 ? [] : [`rate ${rateInterval(good, runs)} (95 %, Wilson)`];
}

/** `92.9 – 100 %` */
export function rateInterval(hits: number, runs: number): string {
  const { from, to } = wilsonInterval(hits, runs);
  return `${percent(from)} – ${percent(to)} %`;
}

function timesToVerdict(runs: readonly Result[]): string {
  const { min, median, p95, max } = spreadOf(runs.map((run) => run.verdictMs));
  if (runs.length === 1) return `start to verdict ${sayDuration(max)}`;
  const times = `min ${sayDuration(min)}, median ${sayDuration(median)}, p95 ${sayDuration(p95)}, max ${sayDuration(max)}`;
  return `start to verdict ${times}`;
}

function percent(share: number): string {
  return (share * 100).toFixed(1).replace(/\.0$/, "");
}
