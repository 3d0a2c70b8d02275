import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseMapping } from "./parse-mapping.ts";
import { SUPPORTED } from "./vocabulary.ts";

describe("statements", () => {
  it("are assignments, one a line, with comments and blank lines between", () => {
    expect(parseMapping('\n# a\nroot = this # b\r\n\n  root.a."b c".0 = "#"\n')).toEqual({
      ok: true,
      mapping: {
        text: expect.any(String) as string,
        statements: [
          { at: 5, path: [], value: { at: 12, kind: "this" } },
          { at: 25, path: ["a", "b c", "0"], value: { at: 42, kind: "literal", value: "#" } },
        ],
      },
    });
  });

  it("may go on in the next line after = and before a dot, and inside brackets", () => {
    const text = 'root =\n  this.a\n  .or([\n 1,\n\n2, # two\n])\nroot.b = (\n{\n"k"\n:\n1,\n}\n)';
    expect(parseMapping(text)).toMatchObject({
      ok: true,
      mapping: { statements: [{ value: { kind: "or" } }, { value: { kind: "object" } }] },
    });
  });

  it("tell a path of digits from a number", () => {
    expect(parseMapping("root = this.items.0.5.name.string()")).toMatchObject({
      ok: true,
      mapping: {
        statements: [
          {
            value: {
              kind: "string",
              of: { kind: "field", of: { kind: "this" }, path: ["items", "0", "5", "name"] },
            },
          },
        ],
      },
    });
  });
});

describe("a mistake", () => {
  it.each([
    ["", 1, 1, `the mapping assigns nothing; supported: ${SUPPORTED.statements}`],
    ["# only a comment", 1, 1, `the mapping assigns nothing; supported: ${SUPPORTED.statements}`],
    [
      "message = 1",
      1,
      1,
      `a statement starts with root, saw message; supported: ${SUPPORTED.statements} (did you mean root.message?)`,
    ],
    ["let x = 1", 1, 1, `a statement starts with root, saw let; supported: ${SUPPORTED.statements}`],
    ["this = 1", 1, 1, `a statement starts with root, saw this; supported: ${SUPPORTED.statements}`],
    ["root", 1, 5, "expected = after what is assigned to, saw the end of the mapping"],
    ["root. = 1", 1, 7, "expected a name or \"a name\" after the dot, saw '='"],
    ["root = 1 2", 1, 10, "expected the end of the line after the value, saw 2"],
    ["root = this\n root = this this", 2, 14, "expected the end of the line after the value, saw this"],
    ["root = ", 1, 8, `expected a value (${SUPPORTED.expressions}), saw the end of the mapping`],
    ["root = root.a", 1, 8, "root can only be assigned to, not read; use this for the input"],
    [
      "root = name",
      1,
      8,
      `name is not supported as a value; supported: ${SUPPORTED.expressions} (did you mean this.name or "name"?)`,
    ],
    [
      "root = now",
      1,
      8,
      `now is not supported as a value; supported: ${SUPPORTED.expressions} (did you mean now()?)`,
    ],
    [
      "root = True",
      1,
      8,
      `True is not supported as a value; supported: ${SUPPORTED.expressions} (did you mean true?)`,
    ],
    ["root = if true { 1 }", 1, 8, `if is not supported as a value; supported: ${SUPPORTED.expressions}`],
    ["root = deleted()", 1, 8, `unknown function deleted; supported: ${SUPPORTED.functions}`],
    [
      "root = this.a.strin()",
      1,
      15,
      `unknown method strin; supported: ${SUPPORTED.methods} (did you mean string?)`,
    ],
    ["root = now(1)", 1, 12, "expected ) because now() takes no argument, saw 1"],
    ["root = env()", 1, 12, "expected one text in double quotes, as in env(\"NAME\"), saw ')'"],
    ["root = env(this.a)", 1, 12, 'expected one text in double quotes, as in env("NAME"), saw this'],
    ["root = count(1)", 1, 14, 'expected one text in double quotes, as in count("name"), saw 1'],
    ['root = env("A", "B")', 1, 15, "expected ) because env(\"NAME\") takes one argument, saw ','"],
    ["root = this.or()", 1, 16, "expected one value, as in .or(value), saw ')'"],
    ["root = this.or(1, 2)", 1, 17, "expected ) because .or(value) takes one argument, saw ','"],
    ["root = this.string(1)", 1, 20, "expected ) because .string() takes no argument, saw 1"],
    ["root = [1 2]", 1, 11, "expected , or ], saw 2"],
    ["root = {1: 2}", 1, 9, 'expected a key or "a key", saw 1'],
    ["root = {a = 2}", 1, 11, "expected : after the key, saw '='"],
    ['root = {"a": 1, a: 2}', 1, 17, 'the key "a" is given twice'],
    ["root = (1", 1, 10, "expected ) after the value, saw the end of the mapping"],
    ["root = 'a'", 1, 8, "text is written with double quotes, not with '"],
    ['root = "a', 1, 8, "this text has no closing quote on its line"],
    ['root = "a\n"', 1, 8, "this text has no closing quote on its line"],
    ['root = "a\\x41"', 1, 10, String.raw`\x is no escape; supported: \" \\ \/ \b \f \n \r \t \uXXXX`],
    ['root = "\\u12"', 1, 9, String.raw`\u is no escape; supported: \" \\ \/ \b \f \n \r \t \uXXXX`],
    ['root = """a"""', 1, 8, 'text in """ is not supported; write it on one line with \\n'],
    ["root = 007", 1, 8, "007 is not a number; write numbers as in JSON"],
    ["root = 1e999", 1, 8, "the number 1e999 is too large to be exact; write it as text"],
    [
      "root = 9007199254740993",
      1,
      8,
      "the number 9007199254740993 is too large to be exact; write it as text",
    ],
    [
      "root = 1 + 2",
      1,
      10,
      `+ is not supported: no operators, variables or metadata; supported: ${SUPPORTED.expressions}`,
    ],
    [
      "root == 2",
      1,
      6,
      `== is not supported: no operators, variables or metadata; supported: ${SUPPORTED.expressions}`,
    ],
    [
      'root.a = "😀" 😀',
      1,
      14,
      'unexpected character "😀" (U+1F600); names other than A-Z a-z 0-9 _ need double quotes',
    ],
  ])("in %j is told with line, column and what is supported", (text, line, column, message) => {
    expect(parseMapping(text)).toEqual({ ok: false, at: { line, column }, message });
  });

  it.each([
    ["parentheses", `root = ${"(".repeat(100_000)}`, "values are nested deeper than 50 levels"],
    ["lists", `root = ${"[".repeat(51)}${"]".repeat(51)}`, "values are nested deeper than 50 levels"],
    ["arguments", `root = ${"this.or(".repeat(100_000)}`, "values are nested deeper than 50 levels"],
    ["methods", `root = this${".string()".repeat(100_000)}`, "more than 50 steps follow one value"],
    ["paths", `root${".a".repeat(100_000)} = 1`, "the path is longer than 50 steps"],
  ])("of endless %s is refused, not followed until the stack overflows", (_, text, message) => {
    expect(parseMapping(text)).toMatchObject({ ok: false, message });
  });

  it("never makes the parser throw, whatever the text", () => {
    const words = fc.constantFrom(
      ...'root this now env or string . = ( ) { } [ ] , : # null 1 -1.5e3 " "a" \\ + 😀'.split(" "),
      " ",
      "\n",
    );
    const nearlyMappings = fc.array(words, { maxLength: 30 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), nearlyMappings), (text) => {
        const parsed = parseMapping(text);
        const lines = text.split("\n").length;
        expect(parsed.ok || (parsed.at.line <= lines && parsed.at.column >= 1)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

it("reads a mapping that nests exactly as deep as allowed", () => {
  expect(parseMapping(`root = ${"[".repeat(50)}${"]".repeat(50)}`).ok).toBe(true);
  expect(parseMapping(`root = this${".or(1)".repeat(50)}`).ok).toBe(true);
  expect(parseMapping(`root${".a".repeat(50)} = 1`).ok).toBe(true);
});
