import type { JobSpec } from "../model/job.ts";
import { createConfigReader, type ConfigReader, type Fields, type Path } from "../pipeline/config-reader.ts";
import { checkPipeline, type PipelineProblem } from "../pipeline/index.ts";
import { envelopeInWords, isBarePipeline } from "./bare-pipeline.ts";
import {
  readDescription,
  readName,
  readPriority,
  readRestartPolicy,
  readTextMap,
  readType,
} from "./read-fields.ts";
import { readSelector } from "./read-selector.ts";

type JobSpecCheck =
  | { readonly ok: true; readonly spec: JobSpec }
  | { readonly ok: false; readonly problems: readonly JobSpecProblem[] };

/** One reason to refuse a job; its path starts at the job's root (or at the `spec` wrapped around it). */
type JobSpecProblem = PipelineProblem;

const REQUIRED = ["name", "type", "config"];
const OPTIONAL = ["description", "labels", "meta", "priority", "restart_policy", "selector"];

/**
 * Checks a job, already parsed from YAML or JSON, and fills in its defaults (spec 2-contract, "Job file").
 * All problems are reported, those of the pipeline too. What it accepts it accepts again unchanged, so
 * that both the CLI and the API can ask. Never throws.
 */
export function checkJobSpec(value: unknown): JobSpecCheck {
  const reader = createConfigReader();
  const unwrapped = unwrap(reader, value);
  if (isBarePipeline(unwrapped.job)) {
    return { ok: false, problems: [{ path: unwrapped.path, message: envelopeInWords() }] };
  }
  const spec = readSpec(reader, unwrapped.job, unwrapped.path);
  return spec !== undefined && reader.problems.length === 0
    ? { ok: true, spec }
    : { ok: false, problems: reader.problems };
}

/** `{spec: {…}}` is accepted, as API clients send it. */
function unwrap(reader: ConfigReader, value: unknown): { readonly job: unknown; readonly path: Path } {
  const isWrapped = typeof value === "object" && value !== null && Object.hasOwn(value, "spec");
  if (!isWrapped) return { job: value, path: [] };
  const wrapper = reader.object(value, [], { keys: ["spec"], required: [] });
  return { job: wrapper?.["spec"], path: ["spec"] };
}

function readSpec(reader: ConfigReader, job: unknown, path: Path): JobSpec | undefined {
  const fields = reader.object(job, path, { keys: [...REQUIRED, ...OPTIONAL], required: REQUIRED });
  if (fields === undefined) return undefined;
  const at = (key: string): Path => [...path, key];

  // A missing one has been reported already.
  const name = "name" in fields ? readName(reader, fields["name"], at("name")) : undefined;
  const type = "type" in fields ? readType(reader, fields["type"], at("type")) : undefined;
  if ("config" in fields) checkConfig(reader, fields["config"], at("config"));

  const description = given(fields, "description", (value) =>
    readDescription(reader, value, at("description")),
  );
  const labels = given(fields, "labels", (value) => readTextMap(reader, value, at("labels")));
  const meta = given(fields, "meta", (value) => readTextMap(reader, value, at("meta")));
  const priority = given(fields, "priority", (value) => readPriority(reader, value, at("priority")));
  const restartPolicy = given(fields, "restart_policy", (value) =>
    readRestartPolicy(reader, value, at("restart_policy")),
  );
  const selector = given(fields, "selector", (value) => readSelector(reader, value, at("selector")));

  if (name === undefined || type === undefined) return undefined;
  return {
    name,
    type,
    ...(description !== undefined && { description }),
    labels: labels ?? {},
    meta: meta ?? {},
    priority: priority ?? 50,
    restart_policy: restartPolicy ?? "on-failure",
    selector: selector ?? { match_ids: [], match_labels: {}, match_expressions: [] },
    config: fields["config"],
  };
}

/** Reads an optional field. `labels:` with nothing behind it is null in YAML, and means the same as no line. */
function given<T>(fields: Fields, key: string, read: (value: unknown) => T): T | undefined {
  const value = fields[key];
  return value === undefined || value === null ? undefined : read(value);
}

function checkConfig(reader: ConfigReader, config: unknown, path: Path): void {
  const check = checkPipeline(config);
  if (check.ok) return;
  for (const problem of check.problems) {
    reader.refuse([...path, ...problem.path], problem.message, problem.at);
  }
}
