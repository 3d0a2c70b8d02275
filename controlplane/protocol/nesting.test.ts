import { expect, it } from "vitest";
import { isNestedDeeperThan } from "./nesting.ts";

const deep = (levels: number): unknown => JSON.parse('{"a":['.repeat(levels / 2) + "]}".repeat(levels / 2));

it.each([0, "text", null, undefined])("%j is not nested at all", (value) => {
  expect(isNestedDeeperThan(value, 0)).toBe(false);
});

it("counts lists and objects alike", () => {
  expect(isNestedDeeperThan([], 0)).toBe(true);
  expect(isNestedDeeperThan([1, {}, "a"], 2)).toBe(false);
  expect(isNestedDeeperThan([1, {}, "a"], 1)).toBe(true);
  expect(isNestedDeeperThan(deep(100), 100)).toBe(false);
  expect(isNestedDeeperThan(deep(100), 99)).toBe(true);
});

it("has no depth of its own at which it ends", () => {
  expect(isNestedDeeperThan(deep(100_000), 100)).toBe(true);
  expect(isNestedDeeperThan(deep(100_000), 1_000_000)).toBe(false);
});
