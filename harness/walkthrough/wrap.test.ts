import { Chalk } from "chalk";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wrap } from "./wrap.ts";

describe("a line that is too long", () => {
  it("goes on in the next one, indented like itself", () => {
    expect(wrap("  one two three four", 11)).toEqual(["  one two", "  three", "  four"]);
  });

  it("goes on as far in as it is told to", () => {
    expect(wrap("ok  one two three", 12, 4)).toEqual(["ok  one two", "    three"]);
  });

  it("is broken in a word that no line could hold", () => {
    expect(wrap("  abcdefghij", 6)).toEqual(["  abcd", "  efgh", "  ij"]);
  });

  it("keeps the gaps between columns where it is not broken", () => {
    expect(wrap("a   b   c d", 9)).toEqual(["a   b   c", "d"]);
  });

  it("is not longer for its colours", () => {
    const line = `${new Chalk({ level: 1 }).red("1234")} 5678`;
    expect(wrap(line, 9)).toEqual([line]);
    expect(wrap(line, 8)).toHaveLength(2);
  });

  it("never is wider than it may be, and loses no word", () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{1,30}$/)),
        fc.integer({ min: 0, max: 12 }),
        fc.integer({ min: 20, max: 60 }),
        (words, hang, width) => {
          const lines = wrap(words.join(" "), width, hang);
          for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
          expect(lines.join("").replaceAll(" ", "")).toBe(words.join(""));
        },
      ),
    );
  });
});

it("a line that fits is left alone", () => {
  expect(wrap("  as  it is ", 12)).toEqual(["  as  it is "]);
});
