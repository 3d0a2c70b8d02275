import { z } from "zod";

/** What a job says of the nodes that may take it (spec 2-contract, "Job file"); all of it must be so. */
export const selector = z.object({
  match_ids: z.array(z.string()).nullish(),
  match_labels: z.record(z.string(), z.string()).nullish(),
  match_expressions: z.array(z.string()).nullish(),
});

export type Selector = z.infer<typeof selector>;

export interface Labelled {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Read here once more, so that a node which the orchestrator overlooks is one that the harness misses. */
export function admits(given: Selector, nodes: readonly Labelled[]): "every node" | readonly string[] {
  const ids = given.match_ids ?? [];
  const labels = given.match_labels ?? {};
  const expressions = given.match_expressions ?? [];
  if (ids.length === 0 && Object.keys(labels).length === 0 && expressions.length === 0) return "every node";
  return nodes
    .filter(
      (node) =>
        (ids.length === 0 || ids.includes(node.id)) &&
        Object.entries(labels).every(([key, value]) => valueOf(node, key) === value) &&
        expressions.every((expression) => holds(expression, node)),
    )
    .map((node) => node.id);
}

const SET = /^(?<key>\S+)\s+(?<how>in|notin)\s*\((?<values>[^()]*)\)$/;
const EQUAL = /^(?<key>[^\s=!]+)\s*(?<how>==?|!=)\s*(?<values>\S*)$/;

/** `k`, `!k`, `k=v`, `k==v`, `k!=v`, `k in (a,b)`, `k notin (a,b)`. A node without the label is in no set. */
function holds(expression: string, node: Labelled): boolean {
  const text = expression.trim();
  const { key, how, values } = (SET.exec(text) ?? EQUAL.exec(text))?.groups ?? {};
  if (key === undefined) {
    return text.startsWith("!")
      ? valueOf(node, text.slice(1).trim()) === undefined
      : valueOf(node, text) !== undefined;
  }
  const value = valueOf(node, key);
  const isIn = value !== undefined && (values ?? "").split(",").some((item) => item.trim() === value);
  return how === "notin" || how === "!=" ? !isIn : isIn;
}

function valueOf({ labels }: Labelled, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}
