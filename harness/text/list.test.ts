import { expect, it } from "vitest";
import { list } from "./list.ts";

it.each([
  [0, ""],
  [1, "e1"],
  [2, "e1, e2"],
  [8, "e1, e2, e3, e4, e5, e6, e7, e8"],
  [9, "e1, e2, e3, e4, e5, e6, e7, and 2 more"],
  [10_000, "e1, e2, e3, e4, e5, e6, e7, and 9993 more"],
])("%i words are told so that a person can read them", (count, told) => {
  expect(list(Array.from({ length: count }, (_, index) => `e${index + 1}`))).toBe(told);
});

it("parts them as asked", () => {
  expect(list(["a", "b"], "; ")).toBe("a; b");
});
