import { expect, it } from "vitest";
import { didYouMean, nearMiss } from "./near-miss.ts";

const KNOWN = ["count", "interval", "mapping", "or"];

it.each([
  ["counts", "count"],
  ["cuont", "count"],
  ["Mapping", "mapping"],
  ["intervall", "interval"],
  ["maping", "mapping"],
  ["ro", "or"],
])("takes %s for %s", (word, name) => {
  expect(nearMiss(word, KNOWN)).toBe(name);
});

it.each(["kafka", "", "cat", "x".repeat(41)])("takes %j for none of the known names", (word) => {
  expect(nearMiss(word, KNOWN)).toBeUndefined();
  expect(didYouMean(word, KNOWN)).toBe("");
});

it("ends a sentence with the guess", () => {
  expect(didYouMean("counts", KNOWN)).toBe(" (did you mean count?)");
});
