import fc from "fast-check";
import { ODD_WORDS, type Json } from "./json-text.ts";

const mapping = fc.constantFrom<string[]>(
  'root.message = "beat"',
  "root = this",
  'root.id = uuid_v4()\nroot.at = now()\nroot.n = count("c")',
  'root = this.a.b.or("none").string()',
  // Not in the subset, or in no language.
  "root = this.map_each(x -> x)",
  'root = if true { 1 } else { "2" }',
  "let x = 1\nroot = $x",
  'root = """a"""',
  "root",
  "= = =",
  "root.a = 1\nroot.a.b = 2",
  `root = ${"[".repeat(60)}${"]".repeat(60)}`,
  `root = ${"(".repeat(2_000)}`,
  `root${".a".repeat(200)} = 1`,
  'root = "\\ud800\\q"',
  "root = 1e999",
  "root = 99999999999999999999",
  ...ODD_WORDS,
);

/** Quick ones that come to an end: what is tried here must not keep the edges busy. */
export const aConfig: fc.Arbitrary<Json> = fc.record({
  input: fc.record({
    generate: fc.record({
      count: fc.constantFrom(1, 3, 20),
      interval: fc.constantFrom("200ms", "1s", "10s"),
      mapping,
    }),
  }),
  pipeline: fc.record({ processors: fc.array(fc.record({ mapping }), { maxLength: 2 }) }),
  output: fc.constant({ drop: {} }),
}) as fc.Arbitrary<Json>;

const goodConfig: fc.Arbitrary<Json> = fc.constantFrom("200ms", "10s").map((interval) => ({
  input: { generate: { count: 20, interval, mapping: 'root = "beat"' } },
  output: { drop: {} },
}));

const expression = fc.constantFrom(
  "edge=edge1",
  "edge in (edge1,edge2)",
  "!gone",
  "edge notin (x)",
  "a ==",
  "((",
);

/** A job as a client means it; now and then with a pipeline that no edge runs. */
export const aJob: fc.Arbitrary<Json> = fc.record(
  {
    name: fc.constantFrom("fuzz-a", "fuzz-b", "fuzz-c", "fuzz-d"),
    type: fc.constant("pipeline"),
    config: fc.oneof({ weight: 4, arbitrary: goodConfig }, { weight: 1, arbitrary: aConfig }),
    description: fc.constantFrom("", "tried out"),
    labels: fc.constantFrom<Json[]>({}, { env: "test" }),
    meta: fc.constant({ who: "nobody" }),
    priority: fc.nat(120),
    restart_policy: fc.constantFrom("on-failure", "always", "never"),
    selector: fc.record(
      {
        match_ids: fc.constantFrom<Json[]>([], ["{{node 0}}"], ["{{phantom 1}}"]),
        match_labels: fc.constantFrom<Json[]>({}, { edge: "edge1" }),
        match_expressions: fc.array(expression, { maxLength: 2 }),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ["name", "type", "config"] },
) as fc.Arbitrary<Json>;
