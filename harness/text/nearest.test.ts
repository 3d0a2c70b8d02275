import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nearest } from "./nearest.ts";

const WORDS = ["default", "fast", "batch-1s", "heartbeat-1s"];

describe("the word that was meant", () => {
  it.each([
    ["fsat", "fast"],
    ["fas", "fast"],
    ["FAST", "fast"],
    ["defualt", "default"],
    ["heartbeat1s", "heartbeat-1s"],
    ["hartbeet-1ss", "heartbeat-1s"],
  ])("%s is near %s", (word, meant) => {
    expect(nearest(word, WORDS)).toBe(` (did you mean "${meant}"?)`);
  });

  it.each(["turbo", "x", "", "completely-different"])("nothing is near %j", (word) => {
    expect(nearest(word, WORDS)).toBe("");
  });

  it("is the nearest, not the first", () => {
    expect(nearest("edge2", ["edge1x", "edge12", "edge2"])).toBe(' (did you mean "edge2"?)');
  });

  it("is none of none", () => {
    expect(nearest("fast", [])).toBe("");
  });

  it("is always one of the known words, after one slip", () => {
    fc.assert(
      fc.property(fc.constantFrom(...WORDS), fc.nat(), (word, seed) => {
        const at = seed % word.length;
        const slipped = word.slice(0, at) + word.slice(at + 1);
        expect(nearest(slipped, WORDS)).toBe(` (did you mean "${word}"?)`);
      }),
    );
  });
});
