import fc from "fast-check";
import { LARGE_PIECES, ODD_PIECES } from "./placeholders.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Words that mean something to JavaScript, a file system, a log or a URL. */
export const ODD_WORDS = [
  "",
  " ",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "../../../etc/passwd",
  "a\nERROR STORE: a line of its own",
  "\u0000",
  "\u{1F4A5}\u200D",
  "'; DROP TABLE jobs; --",
  "%s%n%00",
  "expanso.>",
] as const;

/** Now and then so large that something may end at it. */
export const orLarge = <T>(meant: fc.Arbitrary<T>): fc.Arbitrary<T | Json> =>
  fc.oneof({ weight: 19, arbitrary: meant }, { weight: 1, arbitrary: piece(LARGE_PIECES) });

const piece = (pieces: ReadonlyMap<string, unknown>): fc.Arbitrary<Json> =>
  fc.constantFrom(...[...pieces.keys()].map((name) => `@@${name}@@`));

const oddValue: fc.Arbitrary<Json> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom<Json[]>(null, true, false, 0, -1, 1.5, 2 ** 53, 1e308, [], {}, [[]]),
  },
  { weight: 5, arbitrary: fc.constantFrom(...ODD_WORDS) },
  { weight: 5, arbitrary: fc.constantFrom("{{node 0}}", "{{node 1}}", "{{phantom 0}}", "{{job 0}}") },
  { weight: 4, arbitrary: fc.nat(20).map((number) => `{{execution ${number}}}`) },
  { weight: 3, arbitrary: fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json> },
  { weight: 3, arbitrary: piece(ODD_PIECES) },
  { weight: 1, arbitrary: piece(LARGE_PIECES) },
);

interface Change {
  /** Counted through all places of the value. */
  readonly at: number;
  readonly do: "replace" | "remove" | "rename" | "wrap" | "double";
  readonly with: Json;
  readonly key: string;
}

const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(60),
  do: fc.constantFrom("replace", "replace", "replace", "remove", "rename", "wrap", "double"),
  with: oddValue,
  key: fc.constantFrom("extra", "Name", ...ODD_WORDS),
});

type Cut = { readonly do: "cut" | "insert" | "drop"; readonly at: number; readonly text: string };

const cut: fc.Arbitrary<Cut> = fc.record({
  do: fc.constantFrom("cut", "insert", "drop"),
  at: fc.nat(1_000),
  text: fc.constantFrom("{", "}", "[", ",", '"', "\\", "\u0000", "\uFEFF", "//", "\uD800", "0", "null"),
});

/** JSON as whoever means it would send it, changed in some places, broken as a text, or no JSON at all. */
export function jsonLike(meant: fc.Arbitrary<Json>): fc.Arbitrary<string> {
  const text = meant.map((value) => JSON.stringify(value));
  return fc.oneof(
    { weight: 8, arbitrary: text },
    {
      weight: 8,
      arbitrary: fc
        .tuple(meant, fc.array(change, { minLength: 1, maxLength: 3 }))
        .map(([value, changes]) => JSON.stringify(changes.reduce(applyChange, value)) ?? ""),
    },
    { weight: 2, arbitrary: fc.tuple(text, cut).map(([whole, how]) => applyCut(whole, how)) },
    { weight: 1, arbitrary: piece(LARGE_PIECES).map((value) => JSON.stringify(value)) },
    {
      weight: 1,
      arbitrary: fc.oneof(
        fc.constantFrom("", " ", "null", "0", '""', "[]", "\u0000", "undefined"),
        fc.string({ unit: "binary", maxLength: 40 }),
      ),
    },
  );
}

/** Changes one place of the value; there is always one. */
function applyChange(value: Json, how: Change): Json {
  let left = how.at % countPlaces(value);
  const walk = (node: Json): Json => {
    if (left-- === 0) return changed(node, how);
    if (Array.isArray(node)) return node.map(walk);
    if (typeof node !== "object" || node === null) return node;
    return Object.fromEntries(
      Object.entries(node).flatMap(([key, below]: [string, Json]): [string, Json][] => {
        const isHere = left === 0;
        const after = walk(below);
        if (isHere && how.do === "remove") return [];
        return [[isHere && how.do === "rename" ? how.key : key, after]];
      }),
    );
  };
  return walk(value);
}

function changed(node: Json, how: Change): Json {
  switch (how.do) {
    case "replace":
      return how.with;
    case "wrap":
      return how.key === "extra" ? { extra: node } : [node];
    case "double":
      return Array.isArray(node) ? [...node, ...node] : [node, node];
    case "remove":
    case "rename":
      return node;
  }
}

function countPlaces(value: Json): number {
  if (typeof value !== "object" || value === null) return 1;
  const below: readonly Json[] = Array.isArray(value) ? value : Object.values(value);
  return below.reduce<number>((sum, node) => sum + countPlaces(node), 1);
}

export function applyCut(text: string, { do: how, at, text: inserted }: Cut): string {
  const offset = at % (text.length + 1);
  switch (how) {
    case "cut":
      return text.slice(0, offset);
    case "insert":
      return text.slice(0, offset) + inserted + text.slice(offset);
    case "drop":
      return text.slice(0, offset) + text.slice(offset + 1);
  }
}

export const anyCut = cut;
