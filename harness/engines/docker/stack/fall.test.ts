import { expect, it } from "vitest";
import { lastWords } from "./fall.ts";

it.each([
  [
    "the last line",
    ["starting", "expanso-edge: no such file: /nowhere"],
    "expanso-edge: no such file: /nowhere",
  ],
  [
    "the error, not where it was thrown",
    [
      "file:///opt/edge.mjs:7",
      "Error: no identity",
      "    at start (file:///opt/edge.mjs:7:9)",
      "    at file:///opt/edge.mjs:12:1 {",
      "  code: 'ENOENT'",
      "}",
      "",
      "Node.js v24.21.0",
    ],
    "Error: no identity",
  ],
  ["the last line that is not empty", ["one", " two ", ""], "two"],
  ["nothing, if there was nothing", [], undefined],
])("of what a machine printed is told %s", (_what, lines, told) => {
  expect(lastWords(lines)).toBe(told);
});
