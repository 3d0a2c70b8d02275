import type { Expression } from "./ast.ts";

/** The functions and methods of the subset (spec 1-system), and what each takes between its parentheses. */
export const FUNCTIONS: ReadonlyMap<string, FunctionEntry> = new Map<string, FunctionEntry>([
  ["now", { usage: "now()", takes: "nothing", build: (at) => ({ at, kind: "now" }) }],
  ["env", { usage: 'env("NAME")', takes: "text", build: (at, name) => ({ at, kind: "env", name }) }],
  ["hostname", { usage: "hostname()", takes: "nothing", build: (at) => ({ at, kind: "hostname" }) }],
  ["uuid_v4", { usage: "uuid_v4()", takes: "nothing", build: (at) => ({ at, kind: "uuid" }) }],
  ["count", { usage: 'count("name")', takes: "text", build: (at, name) => ({ at, kind: "count", name }) }],
]);

export const METHODS: ReadonlyMap<string, MethodEntry> = new Map<string, MethodEntry>([
  [
    "or",
    {
      usage: ".or(value)",
      takes: "expression",
      build: (at, of, otherwise) => ({ at, kind: "or", of, otherwise }),
    },
  ],
  ["string", { usage: ".string()", takes: "nothing", build: (at, of) => ({ at, kind: "string", of }) }],
]);

export type FunctionEntry = { readonly usage: string } & (
  | { readonly takes: "nothing"; build(at: number): Expression }
  | { readonly takes: "text"; build(at: number, text: string): Expression }
);

export type MethodEntry = { readonly usage: string } & (
  | { readonly takes: "nothing"; build(at: number, of: Expression): Expression }
  | { readonly takes: "expression"; build(at: number, of: Expression, argument: Expression): Expression }
);

const usages = (entries: ReadonlyMap<string, { readonly usage: string }>): string =>
  [...entries.values()].map((entry) => entry.usage).join(", ");

/** For error messages: what a reader can write instead. */
export const SUPPORTED = {
  functions: usages(FUNCTIONS),
  methods: usages(METHODS),
  statements: "root = value, root.path = value",
  expressions:
    'this, this.path, "text", numbers, true, false, null, {"key": value}, [value], (value), ' +
    `functions ${usages(FUNCTIONS)}, methods ${usages(METHODS)}`,
};
