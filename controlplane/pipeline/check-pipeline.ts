import type { Mapping } from "./bloblang/ast.ts";
import { parseMapping } from "./bloblang/parse-mapping.ts";
import type { CheckedPipeline, Output } from "./checked-pipeline.ts";
import { createConfigReader, quote, seen, type ConfigReader, type Path } from "./config-reader.ts";
import { parseDuration } from "./duration.ts";
import type { PipelineProblem } from "./problem.ts";

export type PipelineCheck =
  | { readonly ok: true; readonly pipeline: CheckedPipeline }
  | { readonly ok: false; readonly problems: readonly PipelineProblem[] };

/**
 * Checks a pipeline's config, already parsed from YAML or JSON, against the subset that edges run (spec
 * 1-system, "Parts of the orchestrator"). What is not in the subset is a problem, never ignored; all
 * problems are reported, of each mapping its first one. Never throws.
 *
 *     input:    { generate: { count?: 0, interval?: "1s", mapping: "…" } }
 *     pipeline: { processors: [{ mapping: "…" }] }                           (optional)
 *     output:   { stdout: { codec?: "lines" } } or { drop: {} }
 */
export function checkPipeline(config: unknown): PipelineCheck {
  const reader = createConfigReader();
  const keys = ["input", "pipeline", "output"];
  const root = reader.object(config, [], { keys, required: ["input", "output"] });
  if (root === undefined) return { ok: false, problems: reader.problems };

  const generate = "input" in root ? readInput(reader, root["input"]) : undefined;
  const processors = "pipeline" in root ? readProcessors(reader, root["pipeline"]) : [];
  const output = "output" in root ? readOutput(reader, root["output"]) : undefined;

  const isComplete = generate !== undefined && processors !== undefined && output !== undefined;
  return isComplete && reader.problems.length === 0
    ? { ok: true, pipeline: { generate, processors, output } }
    : { ok: false, problems: reader.problems };
}

function readInput(reader: ConfigReader, value: unknown): CheckedPipeline["generate"] | undefined {
  const component = reader.component(value, ["input"], { role: "input", supported: ["generate"] });
  if (component === undefined) return undefined;
  const path = ["input", "generate"];
  const keys = ["count", "interval", "mapping"];
  const fields = reader.object(component.config, path, { keys, required: ["mapping"] });
  if (fields === undefined) return undefined;

  const count = "count" in fields ? readCount(reader, fields["count"], [...path, "count"]) : 0;
  // 1s is Benthos's own default.
  const intervalMs =
    "interval" in fields ? readInterval(reader, fields["interval"], [...path, "interval"]) : 1_000;
  const mapping =
    "mapping" in fields ? readMapping(reader, fields["mapping"], [...path, "mapping"]) : undefined;
  return count !== undefined && intervalMs !== undefined && mapping !== undefined
    ? { count, intervalMs, mapping }
    : undefined;
}

function readProcessors(reader: ConfigReader, value: unknown): readonly Mapping[] | undefined {
  const fields = reader.object(value, ["pipeline"], { keys: ["processors"], required: [] });
  if (fields === undefined) return undefined;
  if (!("processors" in fields)) return [];
  const path = ["pipeline", "processors"];
  const list: unknown = fields["processors"];
  if (!Array.isArray(list)) {
    return reader.refuse(path, `expected a list of processors, saw ${seen(list)}; supported: mapping`);
  }
  return list
    .map((item: unknown, index) => readProcessor(reader, item, [...path, index]))
    .filter((mapping) => mapping !== undefined);
}

function readProcessor(reader: ConfigReader, value: unknown, path: Path): Mapping | undefined {
  const component = reader.component(value, path, { role: "processor", supported: ["mapping"] });
  return component && readMapping(reader, component.config, [...path, "mapping"]);
}

function readOutput(reader: ConfigReader, value: unknown): Output | undefined {
  const component = reader.component(value, ["output"], { role: "output", supported: ["stdout", "drop"] });
  if (component === undefined) return undefined;
  const path = ["output", component.name];
  if (component.name === "drop") {
    reader.object(component.config, path, { keys: [], required: [] });
    return { kind: "drop" };
  }
  const fields = reader.object(component.config, path, { keys: ["codec"], required: [] });
  if (fields !== undefined && "codec" in fields && fields["codec"] !== "lines") {
    reader.refuse([...path, "codec"], `expected the codec "lines", saw ${seen(fields["codec"])}`);
  }
  return { kind: "stdout" };
}

function readCount(reader: ConfigReader, value: unknown, path: Path): number | undefined {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  return reader.refuse(path, `expected a whole number, 0 or more (0 = endless), saw ${seen(value)}`);
}

function readInterval(reader: ConfigReader, value: unknown, path: Path): number | undefined {
  if (value === "") return 0;
  const intervalMs = typeof value === "string" ? parseDuration(value) : undefined;
  if (intervalMs !== undefined) return intervalMs;
  const isBareNumber = typeof value === "number" || (typeof value === "string" && /^\d+$/.test(value));
  const guess = isBareNumber ? ` (did you mean ${quote(`${value}s`)}?)` : "";
  return reader.refuse(
    path,
    `expected a duration such as "250ms", "1.5s", "5m" or "1h5m", or "" for as fast as possible, ` +
      `saw ${seen(value)}${guess}`,
  );
}

function readMapping(reader: ConfigReader, value: unknown, path: Path): Mapping | undefined {
  if (typeof value !== "string") {
    return reader.refuse(path, `expected a mapping as text, such as "root = this", saw ${seen(value)}`);
  }
  const parsed = parseMapping(value);
  return parsed.ok ? parsed.mapping : reader.refuse(path, parsed.message, parsed.at);
}
