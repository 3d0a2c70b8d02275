import {
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  parseAllDocuments,
  visit,
  type Document,
  type Node,
} from "yaml";
import { quote, seen } from "../pipeline/config-reader.ts";
import { positionAt } from "../pipeline/bloblang/position.ts";
import { MOST_PROBLEMS } from "../pipeline/problem.ts";

/** A document whose aliases have been looked up, once: each look of the library's own reads all that is before it. */
export interface ReadDocument {
  readonly contents: unknown;
  readonly targets: ReadonlyMap<unknown, Node>;
}

type YamlReading =
  | { readonly ok: true; readonly document: ReadDocument; readonly value: unknown }
  | { readonly ok: false; readonly problems: readonly YamlProblem[] };

interface YamlProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Larger than any pipeline that somebody wrote, and read in less than a second whatever it says. */
const LARGEST_TEXT = 64 * 1024;
/** Looking one up takes longer the more there are. */
const MOST_ALIASES = 500;
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
    problems: problems
      .toSorted((a, b) => a.at - b.at)
      .map(({ at, message }) => ({ ...positionAt(text, at), message })),
  });
  if (text.length > LARGEST_TEXT) return refuse({ at: 0, message: "larger than 64 KiB: not a job file" });

  const documents = parseAllDocuments(text, { prettyErrors: false, uniqueKeys: false });
  const [document, second] = Array.isArray(documents) ? documents : [];
  if (document === undefined) {
    return refuse({ at: 0, message: "the file is empty; a job needs name, type and config" });
  }
  const syntaxError = document.errors[0];
  if (syntaxError !== undefined) {
    // The rest is brought about by the first.
    const message =
      syntaxError.code === "RESOURCE_EXHAUSTION" ? "nested too deeply" : `not YAML: ${syntaxError.message}`;
    return refuse({ at: syntaxError.pos[0], message });
  }
  if (second !== undefined) {
    return refuse({ at: second.range[0], message: "a second document starts here; one file is one job" });
  }
  const { problems, targets } = lookThrough(document);
  if (problems.length > 0) return refuse(...problems);
  try {
    return { ok: true, document: { contents: document.contents, targets }, value: document.toJS() };
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

/** Finds what YAML can say and JSON cannot, and keys that are there twice; finds what each alias stands for. */
function lookThrough(document: Document.Parsed): {
  readonly problems: readonly Problem[];
  readonly targets: ReadonlyMap<unknown, Node>;
} {
  const problems: Problem[] = [];
  const anchored = new Map<string, Node>();
  const targets = new Map<unknown, Node>();
  let aliases = 0;
  const refuse = (node: unknown, message: string): void => {
    problems.push({ at: (isNode(node) ? node.range?.[0] : undefined) ?? 0, message });
  };
  // In YAML 1.1, `no` is a truth value and 2001-01-01 a date.
  if (document.directives.yaml.version !== "1.2") refuse(document.contents, "only YAML 1.2 is read");

  visit(document, (_, node, ancestors) => {
    if (problems.length >= MOST_PROBLEMS) return visit.BREAK;
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
    if (isMap(node)) {
      for (const key of repeatedKeys(node.items)) refuse(key, "this key is in the same map already");
    }
    if (isAlias(node)) {
      aliases += 1;
      if (aliases > MOST_ALIASES) {
        refuse(node, `more than ${MOST_ALIASES} aliases`);
        return visit.BREAK;
      }
      const target = anchored.get(node.source);
      if (target === undefined) refuse(node, `nothing before this is anchored as &${node.source}`);
      else if (ancestors.includes(target)) refuse(node, `*${node.source} contains itself`);
      else targets.set(node, target);
    } else if (isNode(node) && "anchor" in node && node.anchor !== undefined) anchored.set(node.anchor, node);
    return undefined;
  });
  return { problems: problems.slice(0, MOST_PROBLEMS), targets };
}

/** All but the first of each. */
function repeatedKeys(items: readonly { readonly key: unknown }[]): readonly unknown[] {
  const known = new Set<unknown>();
  return items
    .map(({ key }) => key)
    .filter((key) => {
      if (!isScalar(key)) return false;
      const isKnown = known.has(key.value);
      known.add(key.value);
      return isKnown;
    })
    .slice(0, MOST_PROBLEMS);
}
