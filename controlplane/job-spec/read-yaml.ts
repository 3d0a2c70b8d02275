import { isAlias, isNode, isPair, isScalar, parseAllDocuments, visit, type Document } from "yaml";
import { quote, seen } from "../pipeline/config-reader.ts";
import { positionAt } from "../pipeline/bloblang/position.ts";

type YamlReading =
  | { readonly ok: true; readonly document: Document; readonly value: unknown }
  | { readonly ok: false; readonly problems: readonly YamlProblem[] };

interface YamlProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Larger than any pipeline that somebody wrote; what is not a job file is often very much larger. */
const LARGEST_TEXT = 1024 * 1024;
const JSON_TAGS = ["str", "int", "float", "bool", "null", "map", "seq"].map(
  (tag) => `tag:yaml.org,2002:${tag}`,
);

/**
 * Reads the one YAML document of a text, if it means something that JSON can say too: what the job becomes
 * on its way to the API must not differ from what its author wrote. Never throws.
 */
export function readYaml(text: string): YamlReading {
  const refuse = (...problems: readonly Problem[]): YamlReading => ({
    ok: false,
    problems: problems.map(({ at, message }) => ({ ...positionAt(text, at), message })),
  });
  if (text.length > LARGEST_TEXT) return refuse({ at: 0, message: "larger than 1 MiB: not a job file" });

  const documents = parseAllDocuments(text, { prettyErrors: false });
  const [document, second] = Array.isArray(documents) ? documents : [];
  if (document === undefined) {
    return refuse({ at: 0, message: "the file is empty; a job needs name, type and config" });
  }
  if (document.errors.length > 0) return refuse(...syntaxProblems(document));
  if (second !== undefined) {
    return refuse({ at: second.range[0], message: "a second document starts here; one file is one job" });
  }
  const foreign = foreignParts(document);
  if (foreign.length > 0) return refuse(...foreign);
  try {
    return { ok: true, document, value: document.toJS() };
  } catch (error) {
    // The library counts what aliases expand to, so that a few lines cannot fill the memory.
    const message = `its aliases cannot be expanded: ${error instanceof Error ? error.message : String(error)}`;
    return refuse({ at: 0, message });
  }
}

interface Problem {
  readonly at: number;
  readonly message: string;
}

/** Repeated keys stand for themselves; of the rest only the first, because it brings the others about. */
function syntaxProblems(document: Document.Parsed): readonly Problem[] {
  const isRepeatedKey = (error: { readonly code: string }): boolean => error.code === "DUPLICATE_KEY";
  const first = document.errors.find((error) => !isRepeatedKey(error));
  const told = document.errors.filter((error) => isRepeatedKey(error) || error === first);
  return told.map((error) => ({
    at: error.pos[0],
    message:
      error.code === "DUPLICATE_KEY"
        ? "this key is in the same map already"
        : error.code === "RESOURCE_EXHAUSTION"
          ? "nested too deeply"
          : `not YAML: ${error.message}`,
  }));
}

/** What YAML can say and JSON cannot. */
function foreignParts(document: Document.Parsed): readonly Problem[] {
  const problems: Problem[] = [];
  const refuse = (node: unknown, message: string): void => {
    problems.push({ at: (isNode(node) ? node.range?.[0] : undefined) ?? 0, message });
  };
  // In YAML 1.1, `no` is a truth value and 2001-01-01 a date.
  if (document.directives.yaml.version !== "1.2") refuse(document.contents, "only YAML 1.2 is read");

  visit(document, (_, node, ancestors) => {
    if (isNode(node) && !isAlias(node) && node.tag !== undefined && !JSON_TAGS.includes(node.tag)) {
      refuse(node, `the tag ${quote(node.tag)} is not supported; put a text that starts with ! in quotes`);
    }
    if (isScalar(node) && typeof node.value === "number" && !Number.isFinite(node.value)) {
      refuse(node, `expected a number, saw ${node.value}`);
    }
    if (isPair(node) && !(isScalar(node.key) && typeof node.key.value === "string")) {
      const saw = isScalar(node.key) ? seen(node.key.value) : "a list, a map or an alias";
      refuse(node.key, `expected a text as key, saw ${saw}; put it in quotes`);
    }
    if (isAlias(node)) {
      const target = node.resolve(document);
      if (target === undefined) refuse(node, `nothing before this is anchored as &${node.source}`);
      else if (ancestors.includes(target)) refuse(node, `*${node.source} contains itself`);
    }
  });
  return problems;
}
