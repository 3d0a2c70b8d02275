import { describe, expect, it } from "vitest";
import { admits } from "./selector.ts";

const NODES = [
  { id: "n1", labels: { region: "eu", arch: "arm64" } },
  { id: "n2", labels: { region: "us" } },
  { id: "n3", labels: {} },
];

it("without any condition every node is admitted, also one that nobody knows yet", () => {
  expect(admits({}, NODES)).toBe("every node");
  expect(admits({ match_ids: [], match_labels: {}, match_expressions: [] }, [])).toBe("every node");
});

describe("an expression", () => {
  it.each([
    ["region", ["n1", "n2"]],
    ["!region", ["n3"]],
    ["! region", ["n3"]],
    ["region=eu", ["n1"]],
    ["region == eu", ["n1"]],
    ["region!=eu", ["n2", "n3"]],
    ["region in (eu, us)", ["n1", "n2"]],
    ["region notin (eu)", ["n2", "n3"]],
    ["region in ()", []],
    ["constructor", []],
  ])("%s", (expression, ids) => {
    expect(admits({ match_expressions: [expression] }, NODES)).toEqual(ids);
  });
});

it("all conditions have to be met", () => {
  expect(admits({ match_ids: ["n1", "n3"] }, NODES)).toEqual(["n1", "n3"]);
  expect(admits({ match_labels: { region: "eu", arch: "arm64" } }, NODES)).toEqual(["n1"]);
  expect(admits({ match_labels: { region: "us", arch: "arm64" } }, NODES)).toEqual([]);
  expect(admits({ match_ids: ["n2"], match_expressions: ["region", "!arch"] }, NODES)).toEqual(["n2"]);
  expect(admits({ match_ids: ["n1"], match_expressions: ["region", "!arch"] }, NODES)).toEqual([]);
});
