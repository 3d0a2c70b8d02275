import { expect, it } from "vitest";
import { answerTo } from "./interruption.ts";

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
