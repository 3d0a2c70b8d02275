import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { z } from "zod";
import { UsageError } from "../errors.ts";
import type { Scenario } from "../scenario/define.ts";
import { asMistakeIn } from "./mistake-in-file.ts";
import { runOwn } from "./run-own.ts";
import { list } from "../text/list.ts";
import { nearest } from "../text/nearest.ts";

const EXPECTATION = /^(?:held|violated(?: L[1-8])?)$/;

/** What of a scenario can be wrong in a file that no compiler has seen. */
const shape = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, "has to be words joined by -, like deploy-while-paused"),
  claim: z.string().min(1),
  covers: z.array(z.string()).default([]),
  edges: z.number().int().min(1).max(50).default(2),
  leastEdges: z.number().int().min(1).max(50).optional(),
  edgesStart: z.literal("later").optional(),
  jobs: z.array(z.string()),
  expected: z
    .record(z.string(), z.string().regex(EXPECTATION, "has to be held, violated, or violated L1 to L8"))
    .default({ "*": "held" }),
  run: z.function(),
  // What these are is for the compiler to say; that they are spelt so, for us.
  ...Object.fromEntries(
    (["ifSameJobAvoided", "spoiledBy", "atLeast", "needs", "excepts"] as const).map((key) => [
      key,
      z.unknown().optional(),
    ]),
  ),
});
const KEYS = Object.keys(shape.shape);

const MODULE = /\.[cm]?[jt]s$/;
const JOB_FILE = /\.(?:ya?ml|json)$/;

/** A name that can only be a file: it has a folder or an ending, or is a folder. */
export function isScenarioFile(name: string): boolean {
  return /[/\\]/.test(name) || MODULE.test(name) || JOB_FILE.test(name) || isFolder(name);
}

/**
 * A scenario of the user's own: a module whose default export is one. TypeScript runs as it is.
 * @throws UsageError naming the file and what is wrong with it.
 */
export async function loadScenario(path: string): Promise<Scenario> {
  const file = resolve(path);
  if (!existsSync(file)) throw new UsageError(`there is no scenario file ${path}${meant(file)}`);
  if (isFolder(file)) {
    throw new UsageError(`${path} is a folder, accepted is one scenario file; ${scenarioFilesIn(file)}`);
  }
  if (JOB_FILE.test(file)) {
    throw new UsageError(
      `${path} is no scenario; if it is a job, deploy it on a stack by hand (repro up, then repro deploy ${path}), ` +
        `or name it in \`jobs\` of a scenario file beside it`,
    );
  }
  let loaded: unknown;
  try {
    loaded = ((await import(pathToFileURL(file).href)) as { readonly default?: unknown }).default;
  } catch (cause) {
    const mistake = asMistakeIn({ path, file: realpathSync(file) }, cause);
    if (mistake instanceof UsageError) throw mistake;
    throw new UsageError(`${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  if (loaded === undefined) {
    throw new UsageError(`${path}: a scenario file has to \`export default defineScenario({ … })\``);
  }
  const parsed = shape.safeParse(loaded);
  if (typeof loaded !== "object" || loaded === null)
    throw new UsageError(
      `${path}: the default export has to be \`defineScenario({ … })\`, it is ${inspect(loaded)}`,
    );
  if (!parsed.success) {
    throw new UsageError(
      `${path}: ${parsed.error.issues.map((issue) => sayIssue(issue, loaded)).join("; ")}`,
    );
  }
  const { covers, edges, expected } = parsed.data;
  const own = loaded as Scenario;
  return {
    ...own,
    // Under a link it stands in the stack as what it is.
    run: async (context) => await runOwn(own, context, { path, file: realpathSync(file) }),
    covers,
    edges,
    expected: expected as Scenario["expected"],
    folder: dirname(file),
    file: path,
  };
}

function sayIssue(issue: z.core.$ZodIssue, loaded: unknown): string {
  if (issue.code === "unrecognized_keys") {
    const named = issue.keys.map((key) => `"${key}"${nearest(key, KEYS)}`);
    return `there is no ${list(named)}; accepted are ${KEYS.join(", ")}`;
  }
  const [key] = issue.path;
  const isThere = key !== undefined && key in (loaded as object);
  return `${issue.path.join(".")}: ${isThere ? issue.message : "it is missing"}`;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** What is there in the folder of a file that is not, if its name is close. */
function meant(file: string): string {
  const folder = dirname(file);
  return isFolder(folder) ? nearest(basename(file), modulesIn(folder)) : `: there is no folder ${folder}`;
}

function scenarioFilesIn(folder: string): string {
  const there = modulesIn(folder);
  return there.length === 0 ? "there is none in it" : `in it may be: ${list(there)}`;
}

function modulesIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => MODULE.test(name) && !name.includes(".test."))
    .toSorted();
}
