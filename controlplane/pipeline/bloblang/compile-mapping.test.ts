import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PipelinePorts } from "../pipeline-ports.ts";
import { compileMapping } from "./compile-mapping.ts";
import type { Json } from "./json.ts";
import { MappingError } from "./mapping-error.ts";
import { parseMapping } from "./parse-mapping.ts";

describe("values", () => {
  it.each<[string, Json]>([
    ["null", null],
    ["true", true],
    ["-1.5e3", -1_500],
    ['"a\\u00e9\\n\\"\\\\\\/"', 'aé\n"\\/'],
    ['{"a": [1, (2)], b: {}, }', { a: [1, 2], b: {} }],
    ["now()", "2026-02-03T04:05:06.007Z"],
    ['env("SITE")', "berlin"],
    ['env("NO_SUCH")', null],
    ["hostname()", "edge1"],
    ["uuid_v4()", "6b7a3c1e-0000-4000-8000-000000000001"],
    ["this", { name: "x", tags: ["a", "b"], none: null, "a b": { c: 1 } }],
    ["this.name", "x"],
    ['this."a b".c', 1],
    ["this.tags.1", "b"],
    ["(this.tags).0", "a"],
    ["this.tags.2", null],
    ["this.tags.length", null],
    ["this.name.length", null],
    ["this.constructor", null],
    ["this.missing.too", null],
    ["this.name.or(1)", "x"],
    ["this.none.or(1)", 1],
    ["this.missing.or(this.none).or({a: this.name})", { a: "x" }],
    ['env("NO_SUCH").or("home")', "home"],
    ["this.name.string()", "x"],
    ["1.string()", "1"],
    ["true.string()", "true"],
    ["null.string()", "null"],
    ["this.tags.string()", '["a","b"]'],
    ['{"a": 1}.string()', '{"a":1}'],
  ])("%s", (expression, value) => {
    const document = { name: "x", tags: ["a", "b"], none: null, "a b": { c: 1 } };
    expect(run(`root = ${expression}`, document)).toEqual(value);
  });

  it("are JSON's where they are written as JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(undefined, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        // Integers this large are refused, because they could not be kept exactly.
        fc.pre(!/\d{16}/.test(text));
        expect(run(`root = ${text}`, null)).toEqual(JSON.parse(text));
      }),
    );
  });

  it("count from 1, by name, over all mappings of a stream", () => {
    const stream = { ports: somePorts(), counters: new Map<string, { value: number }>() };
    const first = compileMapping(parsed('root = [count("a"), count("b"), count("a")]'), stream, "m");
    const second = compileMapping(parsed('root = count("a")'), stream, "m");
    expect([first(null), second(null), first(null)]).toEqual([[1, 1, 2], 3, [4, 2, 5]]);
  });
});

describe("assignments", () => {
  it.each<[string, Json, Json]>([
    ["root.a = 1", { old: 1 }, { a: 1 }],
    ["root = this\nroot.b = this.a", { a: 1 }, { a: 1, b: 1 }],
    ['root.a.b = 1\nroot.a."c d" = 2\nroot.e = 3', null, { a: { b: 1, "c d": 2 }, e: 3 }],
    ["root = this\nroot.a.b = 1", { a: null }, { a: { b: 1 } }],
    ["root = null\nroot.a = 1", null, { a: 1 }],
    ["root.a = 1\nroot = 5", null, 5],
    ["root = this\nroot.a.1.b = 2", { a: [{}, { c: 1 }] }, { a: [{}, { c: 1, b: 2 }] }],
    ["root = [1, 2]\nroot.0 = 3", null, [3, 2]],
  ])("%j of %j", (text, document, result) => {
    expect(run(text, document)).toEqual(result);
  });

  it("read the old document even after writing the new one", () => {
    const document = { a: { b: 1 }, n: 1 };
    const text = "root = this\nroot.a.b = 2\nroot.n = 2\nroot.old = this.a\nroot.n_was = this.n";
    expect(run(text, document)).toEqual({ a: { b: 2 }, n: 2, old: { b: 1 }, n_was: 1 });
    expect(document).toEqual({ a: { b: 1 }, n: 1 });
  });

  it("do not change what an earlier assignment shares with the document", () => {
    const document = { a: { b: 1 } };
    run("root.x = this.a\nroot.x.b = 2", document);
    expect(document).toEqual({ a: { b: 1 } });
  });

  it("keep a key __proto__ a key", () => {
    const result = run('root.__proto__.polluted = 1\nroot.b = {"__proto__": 2}', null);
    expect(JSON.stringify(result)).toBe('{"__proto__":{"polluted":1},"b":{"__proto__":2}}');
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it.each([
    ['root = "x"\nroot.a = 1', "m, line 2: root is a string, so nothing can be assigned to its a"],
    ["\nroot.a = 1\nroot.a.b.c = 1", "m, line 3: root.a is a number, so nothing can be assigned to its b"],
    ["root = [1]\nroot.1 = 2", "m, line 2: the list of 1 has no 1 to assign to"],
    ["root = [1]\nroot.length = 2", "m, line 2: the list of 1 has no length to assign to"],
  ])("that lead nowhere are errors: %j", (text, message) => {
    expect(() => run(text, null)).toThrow(new MappingError(message));
  });
});

describe("this", () => {
  it("is an error in an input, which has no message yet, unless .or() catches it", () => {
    const message = "m, line 1: this cannot be read in an input: there is no message yet";
    expect(() => run("root = this.a", undefined)).toThrow(new MappingError(message));
    expect(run('root.a = this.a.or("none")', undefined)).toEqual({ a: "none" });
  });

  it("reads a text as the JSON that it holds, as between two steps of Benthos", () => {
    expect(run("root = this.a", '{"a":1}')).toBe(1);
    expect(() => run("root = this", "hello")).toThrow(
      new MappingError("m, line 1: this cannot be read: the message is a text, and not JSON"),
    );
    expect(run("root = this.or(2)", "hello")).toBe(2);
    expect(run("root = 3", "hello")).toBe(3);
  });
});

it("runs the highest tree that the parser lets through", () => {
  const chain = (argument: string) => `this.a${".or(null)".repeat(48)}.or(${argument})`;
  const highest = Array.from({ length: 49 }).reduce<string>((inner) => chain(inner), "1");
  expect(run(`root = ${highest}`, {})).toBe(1);
  const heads = Array.from({ length: 49 }).reduce<string>(
    (inner) => `(${inner})${".string()".repeat(50)}`,
    "1",
  );
  expect(run(`root = ${heads}`, {})).toBe("1");
});

it("reads the environment and the host name when it is compiled, not for each message", () => {
  const asked: string[] = [];
  const ports = somePorts((name) => {
    asked.push(name);
    return "x";
  });
  const map = compileMapping(parsed('root = env("A")'), { ports, counters: new Map() }, "m");
  expect([map(null), map(null), asked]).toEqual(["x", "x", ["A"]]);
});

function run(text: string, document: Json | undefined): Json {
  const stream = { ports: somePorts(), counters: new Map<string, { value: number }>() };
  return compileMapping(parsed(text), stream, "m")(document);
}

function parsed(text: string) {
  const result = parseMapping(text);
  if (!result.ok) throw new Error(`${text}: ${result.message}`);
  return result.mapping;
}

function somePorts(
  env: (name: string) => string | undefined = (name) => (name === "SITE" ? "berlin" : undefined),
): PipelinePorts {
  return {
    clock: { nowMs: () => 1_770_091_506_007, after: () => ({ cancel() {} }) },
    random: { uuid: () => "6b7a3c1e-0000-4000-8000-000000000001", fraction: () => 0.5 },
    host: { hostname: "edge1", os: "linux", arch: "x64", env, writeLine() {} },
  };
}
