import fc from "fast-check";
import { aJob } from "./job-specs.ts";
import { anyCut, applyCut, jsonLike } from "./json-text.ts";

/** What YAML makes of a line: anchors, tags, blocks, other documents, and keys that are none. */
const ODD_LINES = [
  "---",
  "...",
  "%YAML 1.1",
  "? [a, b]",
  "<<: *x",
  "&x name: *x",
  "*x : 1",
  "x: &x [*x]",
  "x: !!binary aGk=",
  "x: !include /etc/passwd",
  "x: .nan",
  "x: 0x7fffffffffffffff",
  "x: |",
  "x: >-",
  'x: "\\x',
  "x: 'it''s",
  "name: again",
  "type: service",
  "config:",
  "spec:",
  "\tname: tab",
  "- a",
  "}",
  "__proto__: {a: 1}",
  "constructor: 1",
  "labels: {1: 2, true: no, ~: 1}",
  "priority: 1e3",
  "selector: {match_expressions: [!gone, 'a in (b']}",
] as const;

const ODD_SCALARS = [
  "null",
  "~",
  "",
  "[]",
  "{}",
  "-1",
  "1e999",
  "yes",
  "2001-01-01",
  "*nobody",
  "&a b",
  "!!str 1",
  "|",
  '"\\ud800"',
  "root = this.",
  'root = "',
  "root = {",
  "root = [1, 2",
  "root = now(",
  "root = -",
  'root.a.b.c."d" = uuid_v4().or(null).string()',
  "x".repeat(5_000),
] as const;

type Edit = {
  readonly do: "odd-line" | "odd-value" | "drop" | "double" | "indent" | "outdent" | "swap";
  readonly at: number;
  readonly which: number;
};

const edit: fc.Arbitrary<Edit> = fc.record({
  do: fc.constantFrom("odd-line", "odd-value", "odd-value", "drop", "double", "indent", "outdent", "swap"),
  at: fc.nat(60),
  which: fc.nat(200),
});

/** Small texts that are large to whoever reads them; the number says how large. */
const BOMBS: readonly ((size: number) => string)[] = [
  (size) =>
    [
      "a0: &a0 [x, x]",
      ...Array.from({ length: size % 60 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}, *a${at}]`),
    ].join("\n"),
  (size) => `x: &a 1\ny: [${"*a,".repeat(size)}]`,
  (size) => `[${Array.from({ length: size }, (_, at) => `&a${at} 1`).join(",")}]`,
  (size) => Array.from({ length: size }, (_, at) => `k${at}: 1`).join("\n"),
  (size) => "a: 1\n".repeat(size),
  (size) => `[${"!x a,".repeat(size)}]`,
  (size) => `{${"?,".repeat(size)}}`,
  (size) => "[".repeat(size),
  (size) => "- ".repeat(size),
  (size) => "? ".repeat(size),
  (size) => ": ".repeat(size),
  (size) => "---\n".repeat(size),
  (size) => "%TAG ! tag:x,2000:\n".repeat(size),
  (size) => "# x\n".repeat(size),
  (size) => `name: a${"-".repeat(size)}b`,
  (size) => `name: "${".".repeat(size)}"`,
  (size) => `${"x".repeat(size)}: 1`,
  (size) => inJob(`root = ${"(".repeat(size)}`),
  (size) => inJob(`root = [${"1,".repeat(size)}]`),
  (size) => inJob(`root = this${".a".repeat(size)}`),
  (size) => inJob(`root = "${"\\u0041".repeat(size)}"`),
  (size) => inJob("root = 1\n".repeat(size).replaceAll("\n", "\n        ")),
  (size) =>
    `${inJob("root = 1")}labels:\n${Array.from({ length: size }, (_, at) => `  k${at}: 1\n`).join("")}`,
  (size) => `${inJob("root = 1")}  pipeline:\n    processors:\n${"      - mapping: root = \n".repeat(size)}`,
  (size) => `${inJob("root = 1")}selector: {match_expressions: ["k${" ".repeat(size)}x"]}\n`,
];

function inJob(mapping: string): string {
  return `name: a\ntype: pipeline\nconfig:\n  output: {drop: {}}\n  input:\n    generate:\n      mapping: |\n        ${mapping}\n`;
}

/** Job files: the given ones changed line by line and letter by letter, JSON, and bombs. */
export function jobFile(valid: readonly string[]): fc.Arbitrary<string> {
  const given = fc.constantFrom(...valid);
  const edited = fc
    .tuple(given, fc.array(edit, { minLength: 1, maxLength: 4 }))
    .map(([text, edits]) => edits.reduce(applyEdit, text));
  return fc.oneof(
    { weight: 10, arbitrary: edited },
    { weight: 5, arbitrary: fc.tuple(edited, anyCut).map(([text, cut]) => applyCut(text, cut)) },
    { weight: 3, arbitrary: jsonLike(aJob) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom(...BOMBS), fc.integer({ min: 1, max: 60_000 }))
        .map(([bomb, size]) => bomb(size)),
    },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 200 }) },
  );
}

function applyEdit(text: string, how: Edit): string {
  const lines = text.split("\n");
  const at = how.at % lines.length;
  const line = lines[at] ?? "";
  const indentation = /^ */.exec(line)?.[0] ?? "";
  switch (how.do) {
    case "odd-line":
      return lines.toSpliced(at, 0, indentation + ODD_LINES[how.which % ODD_LINES.length]!).join("\n");
    case "odd-value": {
      const key = /^[^:]*:/.exec(line)?.[0] ?? `${indentation}-`;
      return lines.with(at, `${key} ${ODD_SCALARS[how.which % ODD_SCALARS.length]!}`).join("\n");
    }
    case "drop":
      return lines.toSpliced(at, 1).join("\n");
    case "double":
      return lines.toSpliced(at, 0, line).join("\n");
    case "indent":
      return lines.with(at, `${" ".repeat(1 + (how.which % 4))}${line}`).join("\n");
    case "outdent":
      return lines.with(at, line.replace(/^ {1,2}/, "")).join("\n");
    case "swap":
      return lines.with(at, lines[how.which % lines.length] ?? "").join("\n");
  }
}
