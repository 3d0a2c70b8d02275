import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLineSplitter } from "./lines.ts";

describe("splitting a byte stream into lines", () => {
  it.each([
    ["line breaks of both kinds", "a\nb\r\nc\n", ["a", "b", "c"]],
    ["empty lines", "\n\n\r\n", ["", "", ""]],
    ["a last line without a break", "a\nb", ["a", "b"]],
    ["a CR that is no line break", "a\rb\n", ["a\rb"]],
    ["a CR at the very end", "a\r", ["a"]],
    ["nothing", "", []],
  ])("knows %s", (_, text, lines) => {
    expect(split([Buffer.from(text)])).toEqual(lines);
  });

  it("gives the same lines however the bytes are cut into chunks", () => {
    const text = fc
      .array(fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("\n", "\r\n", "\r", "ř", "🚒")))
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, fc.array(fc.nat()), fc.integer({ min: 2, max: 12 }), (whole, cuts, maxLength) => {
        const bytes = Buffer.from(whole);
        expect(split(chunks(bytes, cuts), maxLength)).toEqual(split([bytes], maxLength));
      }),
    );
  });

  it("loses nothing but the line breaks", () => {
    fc.assert(
      fc.property(fc.array(fc.string().filter((line) => !/[\r\n]/.test(line))), (lines) => {
        expect(split([Buffer.from(lines.map((line) => `${line}\n`).join(""))])).toEqual(lines);
      }),
    );
  });

  it("tells a line that is too long in pieces, never half a character", () => {
    expect(split([Buffer.from("aaa🚒bb\r\ncc\n")], 4)).toEqual(["aaa", "🚒bb", "cc"]);
  });

  it("holds no more than a piece of a line that never ends", () => {
    const pieces: number[] = [];
    const splitter = createLineSplitter((text) => pieces.push(text.length), { maxLength: 1_000 });
    for (let n = 0; n < 100; n++) splitter.write(Buffer.alloc(100, "x"));
    expect(pieces).toEqual(Array(9).fill(1_000));
    splitter.end();
    expect(pieces).toEqual(Array(10).fill(1_000));
  });
});

function split(parts: readonly Buffer[], maxLength?: number): string[] {
  const lines: string[] = [];
  const splitter = createLineSplitter(
    (text) => lines.push(text),
    maxLength === undefined ? {} : { maxLength },
  );
  for (const part of parts) splitter.write(part);
  splitter.end();
  return lines;
}

function chunks(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}
