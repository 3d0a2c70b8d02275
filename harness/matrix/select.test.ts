import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UsageError } from "../errors.ts";
import { aScenario, aTiming } from "../test-kit/a-cell.ts";
import { allCells, type Cell } from "./cell.ts";
import { onlyCells, parseShard, shardOf } from "./select.ts";

const CELLS = allCells({
  scenarios: ["deploy-in-disconnect-window", "deploy-while-disconnected", "node-lost", "node-lost-twice"].map(
    (id) => aScenario(id),
  ),
  fixes: ["none", "pull", "pull+resync"],
  timings: [aTiming("default"), aTiming("fast")],
});

describe("--only", () => {
  it("leaves everything where nothing is asked for", () => {
    expect(onlyCells(CELLS, [])).toEqual(CELLS);
  });

  it.each([
    ["a part of an id", ["disconnect"], "deploy-in-disconnect-window deploy-while-disconnected", 12],
    ["a whole id, which means just that one", ["node-lost"], "node-lost", 6],
    ["any of several ids", ["window", "node-lost"], "deploy-in-disconnect-window node-lost", 12],
    ["the same by its full name", ["scenario=window"], "deploy-in-disconnect-window", 6],
    ["several in one", ["scenario=window,node-lost"], "deploy-in-disconnect-window node-lost", 12],
    ["a fix and a timing, both of them", ["node-lost", "fix=pull", "timing=fast"], "node-lost", 1],
    ["any of two fixes", ["node-lost", "fix=pull", "fix=none"], "node-lost", 4],
    ["any of two fixes in one", ["node-lost", "fix=pull,none"], "node-lost", 4],
  ])("takes %s", (_what, texts, ids, count) => {
    const left = onlyCells(CELLS, texts);
    expect([...new Set(left.map(({ scenario }) => scenario.id))].join(" ")).toBe(ids);
    expect(left).toHaveLength(count);
  });

  it("takes a fix by its whole name: a combination is another", () => {
    expect(new Set(onlyCells(CELLS, ["fix=pull"]).map(({ fix }) => fix))).toEqual(new Set(["pull"]));
    expect(new Set(onlyCells(CELLS, ["fix=pull+resync"]).map(({ fix }) => fix))).toEqual(
      new Set(["pull+resync"]),
    );
  });

  it.each([
    [
      "node-lsot",
      '--only: no scenario is "node-lsot" (did you mean "node-lost"?); here are deploy-in-disconnect-window, ' +
        "deploy-while-disconnected, node-lost, node-lost-twice",
    ],
    ["fix=bock", '--only: no fix is "bock"; here are none, pull, pull+resync; --fix adds another'],
    [
      "timing=fsat",
      '--only: no timing is "fsat" (did you mean "fast"?); here are default, fast; --timing adds another',
    ],
    ["timing=", '--only: no timing is ""; here are default, fast; --timing adds another'],
    [
      "scenario=",
      '--only: no scenario is ""; here are deploy-in-disconnect-window, deploy-while-disconnected, node-lost, node-lost-twice',
    ],
    [
      "timming=fast",
      '--only: got "timming=fast" (did you mean "timing"?); accepted are a part of a scenario\'s id, fix=NAME, timing=NAME',
    ],
  ])("%s is refused, with what there is", (text, message) => {
    expect(() => onlyCells(CELLS, [text])).toThrow(new UsageError(message));
  });
});

describe("--shard", () => {
  it.each([
    ["1/1", { index: 1, of: 1 }],
    ["2/3", { index: 2, of: 3 }],
    ["12/12", { index: 12, of: 12 }],
  ])("%s is taken", (text, shard) => {
    expect(parseShard(text)).toEqual(shard);
  });

  it.each(["0/3", "4/3", "1/0", "1", "1/", "/3", "a/b", "1/3/4", "-1/3", "1.5/3", "", " 1/3"])(
    "%j is refused",
    (text) => {
      expect(() => parseShard(text)).toThrow(
        new UsageError(`--shard: got "${text}", accepted is I/N with I from 1 to N, for example 1/4`),
      );
    },
  );

  it("puts every cell in exactly one part, whatever the cells and however many parts", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 50 }), (count, of) => {
        const cells = Array.from({ length: count }, (_, index) => index);
        const parts = Array.from({ length: of }, (_, index) => shardOf(cells, { index: index + 1, of }));
        expect(parts.flat().toSorted((a, b) => a - b)).toEqual(cells);
        // As even as can be, so that the parts take about as long.
        const sizes = parts.map((part) => part.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("is the same each time, and keeps the order", () => {
    const part = (): readonly Cell[] => shardOf(CELLS, { index: 2, of: 5 });
    expect(part()).toEqual(part());
    expect(part()).toEqual([CELLS[1], CELLS[6], CELLS[11], CELLS[16], CELLS[21]]);
  });
});
