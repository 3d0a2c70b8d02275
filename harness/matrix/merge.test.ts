import { describe, expect, it } from "vitest";
import type { Result } from "../report/result.ts";
import { aResult } from "../test-kit/a-result.ts";
import { mergeResults, missingShards } from "./merge.ts";

const ORDER = { scenarios: ["a", "b"], fixes: ["none", "pull"], timings: ["default", "fast"] };

describe("merged results", () => {
  it("are a table an engine and timing, in the order of the whole, whatever order they come in", () => {
    const tables = mergeResults(
      [
        at({ scenario: "b", fix: "pull" }),
        at({ scenario: "own", fix: "none" }),
        at({ scenario: "a", fix: "none", timing: "default" }),
        at({ scenario: "a", fix: "none", engine: "docker 27" }),
        at({ scenario: "a", fix: "none+pull" }),
        at({ scenario: "a", fix: "none" }),
      ],
      ORDER,
    );
    expect(tables.map(({ engine, timing }) => [engine, timing])).toEqual([
      ["simulation", "default"],
      ["simulation", "fast"],
      ["docker 27", "fast"],
    ]);
    expect(tables[1]).toMatchObject({ scenarios: ["a", "b", "own"], fixes: ["none", "pull", "none+pull"] });
  });

  it("have every run of a cell in it", () => {
    const rounds = [1, 2, 3].map((seed) => at({ seed }));
    expect(mergeResults(rounds, ORDER)[0]?.cells).toEqual([{ scenario: "a", fix: "none", runs: rounds }]);
  });

  it("say what no report has", () => {
    const [table] = mergeResults([at({}), at({ scenario: "b", fix: "pull" })], ORDER);
    expect(table?.missing).toEqual([
      { scenario: "a", fix: "pull" },
      { scenario: "b", fix: "none" },
    ]);
  });
});

describe("a missing shard", () => {
  const part = (index: number, of: number, facts: Partial<Result> = {}) => ({
    shard: { index, of },
    cells: [at(facts)],
  });

  it("is seen by its siblings of the same engine and round", () => {
    const docker = { engine: "docker 27" };
    expect(
      missingShards([
        part(1, 4),
        part(4, 4),
        part(1, 3, { seed: 2 }),
        part(3, 3, { seed: 2 }),
        part(2, 3, { seed: 2 }),
        part(2, 2, docker),
      ]),
    ).toEqual([
      "no report of shard 2, 3 of 4, simulation, seed 0",
      "no report of shard 1 of 2, docker 27, seed 0",
    ]);
  });

  it("is none where all are there, or none is one", () => {
    expect(missingShards([part(2, 2), part(1, 2), { shard: undefined, cells: [at({})] }])).toEqual([]);
  });
});

function at(facts: Partial<Result>): Result {
  return aResult({ scenario: "a", engine: "simulation", fix: "none", timing: "fast", ...facts });
}
