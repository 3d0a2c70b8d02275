/** A parsed mapping: at least one assignment, in order. Offsets (`at`) count from 0 in `text`. */
export interface Mapping {
  readonly text: string;
  readonly statements: readonly Statement[];
}

/** `root.path.to = value`; `root = value` has an empty path. */
export interface Statement {
  readonly at: number;
  readonly path: readonly string[];
  readonly value: Expression;
}

export type Expression = { readonly at: number } & (
  | { readonly kind: "literal"; readonly value: null | boolean | number | string }
  | { readonly kind: "object"; readonly entries: readonly ObjectEntry[] }
  | { readonly kind: "list"; readonly items: readonly Expression[] }
  | { readonly kind: "this" }
  | { readonly kind: "field"; readonly of: Expression; readonly path: readonly string[] }
  | { readonly kind: "now" | "hostname" | "uuid" }
  | { readonly kind: "env" | "count"; readonly name: string }
  | { readonly kind: "or"; readonly of: Expression; readonly otherwise: Expression }
  | { readonly kind: "string"; readonly of: Expression }
);

export interface ObjectEntry {
  readonly key: string;
  readonly value: Expression;
}
