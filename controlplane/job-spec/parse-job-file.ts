import type { JobSpec } from "../model/job.ts";
import { envelopeAround, isBarePipeline } from "./bare-pipeline.ts";
import { checkJobSpec } from "./check-job-spec.ts";
import { locate } from "./locate.ts";
import { readYaml } from "./read-yaml.ts";

type JobFileParse =
  | { readonly ok: true; readonly spec: JobSpec }
  | { readonly ok: false; readonly problems: readonly JobFileProblem[] };

/** One reason to refuse a job file, and where in the file it is; both count from 1, columns in characters. */
interface JobFileProblem {
  readonly line: number;
  readonly column: number;
  /** Where it is in the job; empty for the file as a whole. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/**
 * Reads and checks a job file, which is YAML or JSON. Problems come in the order of the file. Never throws.
 */
export function parseJobFile(text: string): JobFileParse {
  const yaml = readYaml(text);
  if (!yaml.ok) return { ok: false, problems: yaml.problems.map((problem) => ({ ...problem, path: [] })) };
  if (isBarePipeline(yaml.value)) {
    return { ok: false, problems: [{ line: 1, column: 1, path: [], message: envelopeAround(text) }] };
  }
  const check = checkJobSpec(yaml.value);
  if (check.ok) return check;
  const problems = check.problems.map(({ path, at, message }) => ({
    ...locate(text, yaml.document, { path, at }),
    path,
    message,
  }));
  return {
    ok: false,
    problems: problems.toSorted((a, b) => a.line - b.line || a.column - b.column),
  };
}
