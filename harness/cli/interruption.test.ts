import { expect, it } from "vitest";
import { answerTo, leftLines } from "./interruption.ts";

it.each([
  ["the first Ctrl-C", "SIGINT", undefined, "clean up"],
  ["the first SIGTERM", "SIGTERM", undefined, "clean up"],
  ["a closed terminal", "SIGHUP", undefined, "clean up"],
  ["what a package manager makes of a closed terminal", "SIGTERM", 1, "go on"],
  ["a second Ctrl-C", "SIGINT", 700, "leave"],
  ["SIGTERM while it cleans up", "SIGTERM", 5_000, "leave"],
  ["a terminal that is closed while it cleans up", "SIGHUP", 5_000, "go on"],
] as const)("%s", (_what, signal, sinceFirstMs, answer) => {
  expect(answerTo(signal, sinceFirstMs)).toBe(answer);
});

it("whoever does not wait is told of all that is left, and where", () => {
  const [here, elsewhere] = leftLines({ isElsewhere: true });
  expect(leftLines({ isElsewhere: false })).toEqual([here]);
  expect(here).toMatch(/repro clean --dry-run; remove it: repro clean$/);
  expect(elsewhere).toMatch(/in the cloud .* docs\/cloud\.md/);
});
