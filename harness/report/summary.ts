import chalk from "chalk";
import { sayDuration } from "../timing/duration.ts";
import type { Result } from "./result.ts";

/** After several runs: per scenario how many were as expected, and how long their verdicts took. */
export function summaryLines(results: readonly Result[]): string[] {
  const byScenario = Map.groupBy(results, (result) => result.scenario);
  return [
    "",
    ...[...byScenario].map(([scenario, runs]) => {
      const good = runs.filter((run) => run.asExpected).length;
      const times = runs.map((run) => run.verdictMs).sort((a, b) => a - b);
      const colour = good === runs.length ? chalk.green : chalk.red;
      const spread = `${sayDuration(times[0] ?? 0)} – ${sayDuration(times.at(-1) ?? 0)}`;
      const median = sayDuration(times[Math.floor(times.length / 2)] ?? 0);
      return `${colour(`${good} of ${runs.length} as expected`)}   ${scenario}   start to verdict ${spread}, median ${median}`;
    }),
  ];
}
