import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { UsageError } from "../errors.ts";
import type { TimingChoice } from "../matrix/cell.ts";
import { reasonNotApplicable } from "../scenario/applicable.ts";
import type { Scenario } from "../scenario/define.ts";
import type { JobFile, System } from "../systems/system.ts";
import { list } from "../text/list.ts";
import { nearest } from "../text/nearest.ts";
import { loadTimingProfile } from "../timing/load-profile.ts";
import type { TimingProfile } from "../timing/profile.ts";
import { REPOSITORY } from "./choose-engine.ts";
import type { AvoidRule } from "../vocabulary.ts";
import { oneOf, wholeNumber } from "./options.ts";
import { isScenarioFile, loadScenario } from "./scenario-file.ts";

/**
 * What people name on the command line, looked up; every wrong word is told before anything is started.
 * All of them throw UsageError, naming the place and what is accepted.
 */

/** Ids of the catalogue, `all` of it, or files of the user's own; the first word may have been meant for a command. */
export async function chooseScenarios(
  names: readonly string[],
  scenarios: readonly Scenario[],
  at: { readonly system?: Pick<System, "remote">; readonly commands?: readonly string[] | undefined } = {},
): Promise<readonly Scenario[]> {
  if (names.length === 0) {
    const headline = headlineOf(scenarios, at.system);
    return headline === undefined ? [] : [headline];
  }
  const ids = scenarios.map((scenario) => scenario.id);
  const named = await Promise.all(
    names
      .filter((name) => name !== "all")
      .map(async (name) => {
        const found = scenarios.find((scenario) => scenario.id === name);
        if (found !== undefined) return found;
        if (isScenarioFile(name)) return await loadScenario(name);
        throw new UsageError(
          `there is no scenario "${name}"${meantScenario(name, ids, name === names[0] ? (at.commands ?? []) : [])}; accepted are ${ids.join(", ")}, all, ` +
            "or a file like ./mine.ts",
        );
      }),
  );
  if (!names.includes("all")) return named;
  return [...scenarios, ...named.filter((scenario) => !scenarios.includes(scenario))];
}

/** What is run where none is named; what needs more than a cloud gives is not for a cloud. */
function headlineOf(scenarios: readonly Scenario[], system?: Pick<System, "remote">): Scenario | undefined {
  return scenarios.find(({ id }) => id === system?.remote?.headline) ?? scenarios[0];
}

/** Why it is another than everywhere else, if it is, for whoever has named none. */
export function headlineNote(
  names: readonly string[],
  scenarios: readonly Scenario[],
  system: Pick<System, "remote">,
): string | undefined {
  const own = headlineOf(scenarios, system);
  if (names.length > 0 || own === undefined || own === scenarios[0]) return undefined;
  return `${own.id}, as none was named: ${scenarios[0]?.id ?? ""} needs edges that keep their disk, which a cloud's do not`;
}

/** Those that are something for the system, at this pace: who asks for all of them gets these. @throws UsageError for one that was named, and is nothing for it. */
export function onlyApplicable(
  chosen: readonly Scenario[],
  at: { readonly isAll: boolean; readonly system: System; readonly profile: TimingProfile },
  note: (text: string) => void,
): readonly Scenario[] {
  const { isAll, system, profile } = at;
  return chosen.filter((scenario) => {
    const because = reasonNotApplicable(scenario, system, profile);
    if (because === undefined) return true;
    const told = `${scenario.id} is not applicable with --system ${system.name}: ${because}`;
    if (!isAll) throw new UsageError(told);
    note(told);
    return false;
  });
}

/** One that is nearly so, or those in whose ids the word is. */
function meantScenario(name: string, ids: readonly string[], commands: readonly string[]): string {
  const near = nearest(name, [...ids, ...commands]);
  const around = ids.filter((id) => id.includes(name.toLowerCase()));
  const isTelling = near === "" && name.length >= 4 && around.length > 0 && around.length <= 5;
  return isTelling ? ` (did you mean ${list(around.map((id) => `"${id}"`))}?)` : near;
}

/** The combination as it was typed. */
export function chooseFix(given: string, known: readonly string[]): string {
  const names = given.split("+");
  for (const name of names) {
    if (!known.includes(name)) {
      if (known.length === 1) {
        throw new UsageError(
          `--fix: got "${given}", accepted is ${known.join("")} alone: what recovers here, and how, is not ours to set; --expect says what you expect of it`,
        );
      }
      throw new UsageError(
        `--fix: there is no "${name}"${nearest(name, known)}; accepted are ${known.join(", ")}, or several joined by +`,
      );
    }
    if (names.length > 1 && WHOLE.includes(name))
      throw new UsageError(`--fix: got "${given}", accepted is "${name}" by itself, it joins with nothing`);
  }
  if (new Set(names).size < names.length) throw new UsageError(`--fix: "${given}" names one of them twice`);
  return given;
}

/** Nothing, and everything that is needed. */
const WHOLE = ["none", "recommended"];

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

export function chooseAvoid(given: string | undefined): AvoidRule | undefined {
  return given === undefined ? undefined : oneOf("--avoid", given, ["any-job", "same-job"]);
}

/** As many as were asked for, if any were. @throws UsageError also where one of the scenarios would be about nothing. */
export function chooseEdges(
  given: string | undefined,
  most: number,
  scenarios: readonly Pick<Scenario, "id" | "leastEdges">[],
): number | undefined {
  if (given === undefined) return undefined;
  const edges = wholeNumber("--edges", given, 1, most);
  const small = scenarios.find(({ leastEdges = 1 }) => edges < leastEdges);
  if (small === undefined) return edges;
  throw new UsageError(
    `--edges: got "${given}", accepted for ${small.id} is at least ${small.leastEdges}: what it does to some it claims of others`,
  );
}

export function chooseSeed(given: string): number {
  return wholeNumber("--seed", given, 0, 2 ** 32 - 1);
}

/** Reads and checks every job file that will be deployed, by its name in `pipelines/`. */
export async function readJobFiles(
  scenarios: readonly Pick<Scenario, "jobs" | "folder">[],
  system: System,
): Promise<Map<string, JobFile>> {
  const files = new Map<string, JobFile>();
  for (const { jobs, folder } of scenarios) {
    for (const name of jobs) {
      const file = readJobFile(name, folder);
      if ((files.get(name) ?? file).name !== file.name) {
        throw new UsageError(
          `two job files are called ${name}: ${files.get(name)?.name ?? ""} and ${file.name}`,
        );
      }
      files.set(name, file);
    }
  }
  const checks = [...files.values()].map((file) => system.checkJobFile(file));
  const problems = (await Promise.all(checks)).flat();
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  return files;
}

/** Beside the scenario's own file first, then in `pipelines/`. */
function readJobFile(name: string, folder: string | undefined): JobFile {
  const own = folder === undefined ? undefined : join(folder, name);
  const path = own !== undefined && existsSync(own) ? own : join("pipelines", name);
  try {
    return { name: path, text: readFileSync(resolve(REPOSITORY, path), "utf8") };
  } catch (cause) {
    const places = own === undefined ? path : `${own}, nor ${path}`;
    const isMissing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw new UsageError(
      isMissing
        ? `there is no job file ${places}`
        : `cannot read the job file ${path}: ${cause instanceof Error ? cause.message : ""}`,
      { cause },
    );
  }
}
