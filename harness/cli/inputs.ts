import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../errors.ts";
import type { TimingChoice } from "../matrix/cell.ts";
import type { Scenario } from "../scenario/define.ts";
import type { JobFile, System } from "../systems/system.ts";
import { nearest } from "../text/nearest.ts";
import { loadTimingProfile } from "../timing/load-profile.ts";
import { REPOSITORY } from "./choose-engine.ts";
import { wholeNumber } from "./options.ts";

/**
 * What people name on the command line, looked up; every wrong word is told before anything is started.
 * All of them throw UsageError, naming the place and what is accepted.
 */

export function chooseScenarios(
  names: readonly string[],
  scenarios: readonly Scenario[],
): readonly Scenario[] {
  if (names.length === 0) return scenarios.slice(0, 1);
  const ids = scenarios.map((scenario) => scenario.id);
  const named = names
    .filter((name) => name !== "all")
    .map((name) => {
      const found = scenarios.find((scenario) => scenario.id === name);
      if (found !== undefined) return found;
      throw new UsageError(
        `there is no scenario "${name}"${nearest(name, ids)}; accepted are ${ids.join(", ")}, all`,
      );
    });
  return names.includes("all") ? scenarios : named;
}

/** The combination as it was typed. */
export function chooseFix(given: string, known: readonly string[]): string {
  for (const name of given.split("+")) {
    if (!known.includes(name)) {
      throw new UsageError(
        `--fix: there is no "${name}"${nearest(name, known)}; accepted are ${known.join(", ")}, or several joined by +`,
      );
    }
  }
  return given;
}

/** `none,block,resync+supersede`: each a combination. */
export function chooseFixes(list: string, known: readonly string[]): readonly string[] {
  return partsOf(list).map((fix) => chooseFix(fix, known));
}

/** `default,fast,./mine.yaml`, each with the same knobs changed. */
export function chooseTimings(list: string, set: readonly string[] | undefined): readonly TimingChoice[] {
  return partsOf(list).map((name) => ({ name, profile: loadTimingProfile(name, set) }));
}

function partsOf(list: string): readonly string[] {
  return [...new Set(list.split(",").map((part) => part.trim()))];
}

export function chooseSeed(given: string): number {
  return wholeNumber("--seed", given, 0, 2 ** 32 - 1);
}

/** Reads and checks every job file that will be deployed, by its name in `pipelines/`. */
export async function readJobFiles(
  scenarios: readonly Pick<Scenario, "jobs">[],
  system: System,
): Promise<Map<string, JobFile>> {
  const names = [...new Set(scenarios.flatMap((scenario) => scenario.jobs))];
  const files = names.map((name): JobFile => {
    const path = join("pipelines", name);
    try {
      return { name: path, text: readFileSync(join(REPOSITORY, path), "utf8") };
    } catch (cause) {
      throw new UsageError(
        `cannot read the job file ${path}: ${cause instanceof Error ? cause.message : ""}`,
        { cause },
      );
    }
  });
  const problems = (await Promise.all(files.map((file) => system.checkJobFile(file)))).flat();
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  return new Map(files.map((file, index) => [names[index] ?? "", file]));
}
