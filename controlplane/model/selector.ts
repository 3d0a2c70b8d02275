import type { Selector } from "./job.ts";
import type { EdgeNode } from "./node.ts";

/** True if the node fulfils every part of the selector; an empty selector matches every node. */
export function matchesSelector(selector: Selector, node: EdgeNode): boolean {
  if (selector.match_ids.length > 0 && !selector.match_ids.includes(node.id)) return false;
  for (const [key, value] of Object.entries(selector.match_labels)) {
    if (node.labels[key] !== value) return false;
  }
  return selector.match_expressions.every((text) => {
    const expression = parseExpression(text);
    return expression !== undefined && holds(expression, node.labels);
  });
}

export type SelectorExpression =
  | { readonly kind: "exists"; readonly key: string }
  | { readonly kind: "absent"; readonly key: string }
  | { readonly kind: "in" | "notin"; readonly key: string; readonly values: readonly string[] };

const KEY = "[A-Za-z0-9][A-Za-z0-9_./-]*";
const VALUE = "[A-Za-z0-9_./:-]*";
const FORMS: readonly {
  readonly form: RegExp;
  readonly read: (parts: Readonly<Record<string, string>>) => SelectorExpression;
}[] = [
  { form: new RegExp(`^(?<key>${KEY})$`), read: (p) => ({ kind: "exists", key: p["key"] ?? "" }) },
  { form: new RegExp(`^!\\s*(?<key>${KEY})$`), read: (p) => ({ kind: "absent", key: p["key"] ?? "" }) },
  {
    form: new RegExp(`^(?<key>${KEY})\\s*==?\\s*(?<value>${VALUE})$`),
    read: (p) => ({ kind: "in", key: p["key"] ?? "", values: [p["value"] ?? ""] }),
  },
  {
    form: new RegExp(`^(?<key>${KEY})\\s*!=\\s*(?<value>${VALUE})$`),
    read: (p) => ({ kind: "notin", key: p["key"] ?? "", values: [p["value"] ?? ""] }),
  },
  {
    form: new RegExp(`^(?<key>${KEY})\\s+(?<kind>in|notin)\\s*\\((?<values>[^()]*)\\)$`),
    read: (p) => ({
      kind: p["kind"] === "in" ? "in" : "notin",
      key: p["key"] ?? "",
      values: (p["values"] ?? "").split(",").map((value) => value.trim()),
    }),
  },
];

/** Reads one of the forms that spec 2-contract lists, or undefined if it is none of them. */
export function parseExpression(text: string): SelectorExpression | undefined {
  for (const { form, read } of FORMS) {
    const parts = form.exec(text.trim())?.groups;
    if (parts !== undefined) return read(parts);
  }
  return undefined;
}

function holds(expression: SelectorExpression, labels: Readonly<Record<string, string>>): boolean {
  // Only the node's own labels: every object has a `constructor`.
  const value = Object.hasOwn(labels, expression.key) ? labels[expression.key] : undefined;
  if (expression.kind === "exists") return value !== undefined;
  if (expression.kind === "absent") return value === undefined;
  const isInSet = value !== undefined && expression.values.includes(value);
  // As in Kubernetes: a node without the label is not in the set.
  return expression.kind === "in" ? isInSet : !isInSet;
}
