import type { Selector } from "../model/job.ts";
import { parseExpression } from "../model/selector.ts";
import { seen, type ConfigReader, type Path } from "../pipeline/config-reader.ts";
import { readTextMap } from "./read-fields.ts";

/** Reads which nodes a job is for; what is left out restricts nothing. */
export function readSelector(reader: ConfigReader, value: unknown, path: Path): Selector | undefined {
  const keys = ["match_ids", "match_labels", "match_expressions"];
  const fields = reader.object(value, path, { keys, required: [] });
  if (fields === undefined) return undefined;
  const [ids, labels, expressions] = keys.map((key) => fields[key] ?? undefined);
  const at = (key: string): Path => [...path, key];
  return {
    match_ids: ids === undefined ? [] : readTexts(reader, ids, at("match_ids"), checkId),
    match_labels: (labels !== undefined && readTextMap(reader, labels, at("match_labels"))) || {},
    match_expressions:
      expressions === undefined
        ? []
        : readTexts(reader, expressions, at("match_expressions"), checkExpression),
  };
}

/** A list of texts; `objection` says what is wrong with one, if anything. */
function readTexts(
  reader: ConfigReader,
  value: unknown,
  path: Path,
  objection: (text: unknown) => string | undefined,
): readonly string[] {
  if (!Array.isArray(value)) {
    reader.refuse(path, `expected a list of texts, saw ${seen(value)}`);
    return [];
  }
  const list: readonly unknown[] = value;
  for (const [index, item] of list.entries()) {
    const message = objection(item);
    if (message !== undefined) reader.refuse([...path, index], message);
  }
  return list.filter((item) => typeof item === "string");
}

function checkId(value: unknown): string | undefined {
  if (typeof value === "string" && value !== "") return undefined;
  return `expected a node id as "expanso-cli node list --wide" shows it, saw ${seen(value)}`;
}

function checkExpression(value: unknown): string | undefined {
  if (typeof value === "string" && parseExpression(value) !== undefined) return undefined;
  const forms = "k=v, k==v, k!=v, k in (a,b), k notin (a,b), k, !k";
  // A bare ! is a tag in YAML, and vanishes from the text.
  return `expected an expression, saw ${seen(value)}; supported: ${forms} (with ! in quotes)`;
}
