import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { UsageError } from "../errors.ts";
import type { Scenario } from "../scenario/define.ts";

const EXPECTATION = /^(?:held|violated(?: L[1-8])?)$/;

/** What of a scenario can be wrong in a file that no compiler has seen. */
const shape = z.object({
  id: z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, "has to be words joined by -, like deploy-while-paused"),
  claim: z.string().min(1),
  covers: z.array(z.string()).default([]),
  edges: z.number().int().min(0).max(50).default(2),
  edgesStart: z.literal("later").optional(),
  jobs: z.array(z.string()),
  expected: z
    .record(z.string(), z.string().regex(EXPECTATION, "has to be held, violated, or violated L1 to L8"))
    .default({ "*": "held" }),
  run: z.function(),
});

/** A name that can only be a file: it has a folder or an ending. */
export function isScenarioFile(name: string): boolean {
  return /[/\\]|\.[cm]?[jt]s$/.test(name);
}

/**
 * A scenario of the user's own: a module whose default export is one. TypeScript runs as it is.
 * @throws UsageError naming the file and what is wrong with it.
 */
export async function loadScenario(path: string): Promise<Scenario> {
  const file = resolve(path);
  if (!existsSync(file)) throw new UsageError(`there is no scenario file ${path}`);
  let loaded: unknown;
  try {
    loaded = ((await import(pathToFileURL(file).href)) as { readonly default?: unknown }).default;
  } catch (cause) {
    throw new UsageError(`${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  if (loaded === undefined) {
    throw new UsageError(`${path}: a scenario file has to \`export default defineScenario({ … })\``);
  }
  const parsed = shape.safeParse(loaded);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UsageError(
      `${path}: ${issue?.path.join(".") || "the default export"}: ${issue?.message ?? ""}`,
    );
  }
  const { covers, edges, expected } = parsed.data;
  return {
    ...(loaded as Scenario),
    covers,
    edges,
    expected: expected as Scenario["expected"],
    folder: dirname(file),
    file: path,
  };
}
