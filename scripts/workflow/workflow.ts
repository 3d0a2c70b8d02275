import { parse } from "yaml";
import { z } from "zod";

/** What of a GitHub workflow is used here; anything else in it is an error, never ignored. */
const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const values = z.record(z.string(), scalar).default({});
const step = z.strictObject({
  name: z.string().optional(),
  if: z.enum(["always()", "failure()", "success()"]).default("success()"),
  run: z.string().optional(),
  uses: z.string().optional(),
  with: values,
  env: values,
});
const job = z.strictObject({
  needs: z.array(z.string()).default([]),
  if: z.enum(["always()", "success()"]).default("success()"),
  "runs-on": z.string(),
  "timeout-minutes": z.number(),
  strategy: z
    .strictObject({ "fail-fast": z.literal(false), matrix: z.record(z.string(), z.array(scalar)) })
    .optional(),
  env: values,
  steps: z.array(step),
});
const workflow = z.looseObject({ name: z.string(), jobs: z.record(z.string(), job) });

export type Step = z.infer<typeof step>;

/** One job with one combination of its matrix, everything filled in. */
export interface JobRun {
  /** `docker`, as `needs` names it. */
  readonly job: string;
  /** `docker (seed=1, shard=2/4)` */
  readonly title: string;
  readonly runsOn: string;
  readonly needs: readonly string[];
  /** Also where one that it needs has failed. */
  readonly always: boolean;
  readonly matrix: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

/**
 * What would be run, in an order in which everything comes after what it needs. Pure.
 * @throws an Error for YAML that is none, a key that is not known here, a need that is no job.
 */
export function jobRunsOf(text: string): readonly JobRun[] {
  const { jobs } = workflow.parse(parse(text));
  return inOrder(Object.entries(jobs)).flatMap(([name, own]) =>
    combinations(own.strategy?.matrix ?? {}).map((matrix, index): JobRun => {
      const known = { ...prefixed("matrix", matrix), "strategy.job-index": String(index) };
      const filled = (all: Readonly<Record<string, string>>) =>
        Object.fromEntries(Object.entries(all).map(([key, value]) => [key, fillIn(value, known)]));
      const at = Object.entries(matrix).map(([key, value]) => `${key}=${value}`);
      return {
        job: name,
        title: at.length === 0 ? name : `${name} (${at.join(", ")})`,
        runsOn: own["runs-on"],
        needs: own.needs,
        always: own.if === "always()",
        matrix,
        steps: own.steps.map((each) => ({
          ...each,
          with: filled(each.with),
          env: { ...filled(own.env), ...filled(each.env) },
          ...(each.run === undefined ? {} : { run: fillIn(each.run, known) }),
        })),
      };
    }),
  );
}

/** Every combination, the last key changing fastest; of nothing, the one empty combination. */
function combinations(matrix: Readonly<Record<string, readonly string[]>>): Record<string, string>[] {
  let all: Record<string, string>[] = [{}];
  for (const [key, choices] of Object.entries(matrix)) {
    all = all.flatMap((begun) => choices.map((choice) => ({ ...begun, [key]: choice })));
  }
  return all;
}

function prefixed(prefix: string, all: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(all).map(([key, value]) => [`${prefix}.${key}`, value]));
}

function fillIn(text: string, known: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{\{\s*(?<name>[^}]*?)\s*\}\}/g, (expression, name: string) => {
    const value = known[name];
    if (value === undefined) throw new Error(`${expression} is not known here`);
    return value;
  });
}

function inOrder<T extends { readonly needs: readonly string[] }>(
  jobs: readonly (readonly [string, T])[],
): readonly (readonly [string, T])[] {
  const sorted: (readonly [string, T])[] = [];
  while (sorted.length < jobs.length) {
    const isThere = (name: string) => sorted.some(([other]) => other === name);
    const next = jobs.find(([name, { needs }]) => !isThere(name) && needs.every(isThere));
    if (next === undefined) throw new Error("a job needs one that there is not, or that needs it in turn");
    sorted.push(next);
  }
  return sorted;
}
