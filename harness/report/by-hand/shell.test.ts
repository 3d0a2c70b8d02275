import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { calledBy, comment, doubleQuoted, quote, say, withInput } from "./shell.ts";

/** Anything but NUL, which no argument can hold, and half a character. */
const TEXT = fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0"));

describe("a text in a script", () => {
  it("is read back by bash as it was, whatever is in it", () => {
    fc.assert(
      fc.property(fc.array(TEXT, { minLength: 20, maxLength: 60 }), (texts) => {
        const words = texts.map(quote).join(" ");
        expect(bash(`for text in ${words}; do printf '%s\\0' "$text"; done`)).toBe(joined(texts));
      }),
      { numRuns: 10 },
    );
  });

  it("is read back between double quotes as well", () => {
    fc.assert(
      fc.property(fc.array(TEXT, { minLength: 20, maxLength: 60 }), (texts) => {
        const words = texts.map((text) => `"${doubleQuoted(text)}"`).join(" ");
        expect(bash(`for text in ${words}; do printf '%s\\0' "$text"; done`)).toBe(joined(texts));
      }),
      { numRuns: 10 },
    );
  });

  it("comes through as input, also where it holds the word that ends it", () => {
    const text = "name: x # $HOME `id`\nEND\n  END_\nEND_\n\\n";
    expect(bash(withInput("cat", text).join("\n"))).toBe(`${text}\n`);
  });

  it("is told without the marks of code, which would look like a command", () => {
    expect(say("it is `deploying`, isn't it")).toBe(String.raw`'it is deploying, isn'\''t it'`);
  });

  it("stays a comment on each of its lines", () => {
    expect(comment("one\n\nrm -r two")).toEqual(["# one", "#", "# rm -r two"]);
  });
});

describe("the functions of a script", () => {
  const library = {
    base: "base() { :; }",
    unused: "unused() { base; }",
    caller: "caller() { base; }",
    on: "on() { :; }",
  };

  it("are those that it calls, and those that they call, in the order of the library", () => {
    expect(calledBy(["caller edge1"], library)).toEqual([library.base, library.caller]);
  });

  it("are not those whose name is part of another word", () => {
    expect(calledBy(["echo on-call baseline"], library)).toEqual([]);
  });
});

function bash(script: string): string {
  return execFileSync("bash", ["-c", script], { encoding: "utf8", maxBuffer: 1e8 });
}

function joined(texts: readonly string[]): string {
  return texts.map((text) => `${text}\0`).join("");
}
