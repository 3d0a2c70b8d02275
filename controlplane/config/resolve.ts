import { didYouMean } from "../pipeline/near-miss.ts";
import { readConfigFile, type FileEntry } from "./config-file.ts";
import type { Reading } from "./values.ts";

/** One thing that can be set, and everywhere it can be set. */
export interface Setting<T> {
  /** Its place in the configuration file: `node_manager.lost_timeout`. */
  readonly path: string;
  readonly env: string;
  /** As on the command line, if it can be given there: `--log-level`. */
  readonly flag?: string | undefined;
  readonly read: (text: string) => Reading<T>;
  readonly fallback: T;
}

export type SettingTable = Readonly<Record<string, Setting<unknown>>>;
export type Resolved<T extends SettingTable> = {
  readonly [K in keyof T]: T[K] extends Setting<infer V> ? V : never;
};

export interface Sources {
  /** By flag: `{"--log-level": "debug"}`. */
  readonly flags: Readonly<Record<string, string | undefined>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly file?: { readonly name: string; readonly text: string } | undefined;
}

export type Resolution<T extends SettingTable> =
  | { readonly ok: true; readonly values: Resolved<T>; readonly warnings: readonly string[] }
  /** Each names the place and what is accepted there. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** Settles every setting: flag before environment before file before default (spec 1-system, "Timing"). */
export function resolveSettings<T extends SettingTable>(table: T, sources: Sources): Resolution<T> {
  const problems: string[] = [];
  const file = sources.file === undefined ? noFile : readConfigFile(sources.file);
  problems.push(...file.problems);
  const paths = Object.values(table).map((setting) => setting.path);
  for (const entry of file.entries.values()) {
    if (!paths.includes(entry.path)) {
      problems.push(`${entry.place}: unknown setting "${entry.path}"${didYouMean(entry.path, paths)}`);
    }
  }
  const values: Record<string, unknown> = {};
  for (const [key, setting] of Object.entries(table)) {
    const given = firstGiven(setting, sources, file.entries);
    if (given === undefined) {
      values[key] = setting.fallback;
      continue;
    }
    const reading = setting.read(given.text);
    if (reading.ok) values[key] = reading.value;
    else problems.push(`${given.place}: got "${given.text}", accepted is ${reading.accepted}`);
  }
  if (problems.length > 0) return { ok: false, problems };
  // Every key of the table was just given a value that its own reader made.
  return { ok: true, values: values as Resolved<T>, warnings: unknownVariables(table, sources.env) };
}

const noFile = { entries: new Map<string, FileEntry>(), problems: [] as string[] };

function firstGiven(
  setting: Setting<unknown>,
  sources: Sources,
  file: ReadonlyMap<string, FileEntry>,
): { readonly place: string; readonly text: string } | undefined {
  const flag = setting.flag === undefined ? undefined : sources.flags[setting.flag];
  if (flag !== undefined) return { place: `option ${setting.flag}`, text: flag };
  const variable = sources.env[setting.env];
  // Compose files pass variables on that are not set as empty ones.
  if (variable !== undefined && variable !== "")
    return { place: `environment variable ${setting.env}`, text: variable };
  return file.get(setting.path);
}

/** A misspelt variable would otherwise change nothing and say nothing. */
function unknownVariables(table: SettingTable, env: Sources["env"]): string[] {
  const known = Object.values(table).map((setting) => setting.env);
  const prefixes = new Set(known.map((name) => name.split("_").slice(0, 2).join("_")));
  return Object.keys(env)
    .filter((name) => !known.includes(name) && prefixes.has(name.split("_").slice(0, 2).join("_")))
    .map((name) => `environment variable ${name} is not a setting of this program${didYouMean(name, known)}`);
}
