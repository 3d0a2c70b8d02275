import { expect, it } from "vitest";
import { fitted } from "./fitted.ts";
import { columnsOf } from "./terminal-width.ts";

it.each([
  [
    "goes on below the text, past time and label",
    "   2.6s  see       test-heartbeat runs on edge1, edge2",
    ["   2.6s  see       test-heartbeat runs", "                   on edge1, edge2"],
  ],
  [
    "goes on below what a label introduces",
    "  witness  state  pending, desired running, on edge1",
    ["  witness  state  pending, desired", "                  running, on edge1"],
  ],
  [
    "keeps the indentation of a line without a label",
    "  publishing raised no error, so there is nothing to retry",
    ["  publishing raised no error, so there", "  is nothing to retry"],
  ],
  [
    "leaves alone what is copied",
    "  replay   pnpm repro deploy-in-disconnect-window --timing fast",
    ["  replay   pnpm repro deploy-in-disconnect-window --timing fast"],
  ],
])("a line too long for the terminal %s", (_, line, expected) => {
  expect(told(line, 38)).toEqual(expected);
});

it("colours take no room", () => {
  const line = "\u001b[1m  ok\u001b[22m       as wide as it may be";
  expect(told(line, 31)).toEqual([line]);
});

it("what is piped stays as it is", () => {
  const line = "word ".repeat(100);
  expect(told(line, undefined)).toEqual([line]);
});

it("a terminal that does not know how wide it is has no width that anything could be fitted to", () => {
  const widths = [
    { isTTY: true, columns: 60 },
    { isTTY: true, columns: 0 },
    { isTTY: false, columns: 60 },
  ];
  expect(widths.map(columnsOf)).toEqual([60, undefined, undefined]);
});

function told(line: string, columns: number | undefined): string[] {
  const lines: string[] = [];
  fitted((part) => lines.push(part), columns)(line);
  return lines;
}
