import { describe, expect, it } from "vitest";
import { PROFILES } from "../timing/profile.ts";
import { pictureJson, pictureLines, type Picture } from "./picture.ts";

const MADE = Date.UTC(2026, 10, 22, 5, 0);
const AT = { nowMs: MADE + 65_000, width: 120 };
const picture: Picture = {
  stack: {
    runId: "default",
    memo: "",
    madeAtMs: MADE,
    maker: undefined,
    machines: [
      { name: "edge1", state: "running", address: "10.201.1.4", container: "aaaaaaaaaaaa" },
      { name: "orchestrator", state: "running", address: "10.201.1.3", container: "bbbbbbbbbbbb" },
    ],
  },
  memo: { system: "bundled", shape: { edges: 2, timing: PROFILES["fast"]!.timing, fix: "pull" } },
  nodes: [
    { id: "n-1-of-old-times", name: "edge1", connection: "lost", ready: false },
    { id: "n-2", name: "edge1", connection: "connected", ready: true },
    { id: "n-3", name: "edge2", connection: "connected", ready: undefined },
  ],
  names: ["orchestrator", "edge1", "edge2"],
};

it("shows the machines, and every node that the orchestrator believes each to be", () => {
  expect(pictureLines(picture, AT)).toEqual([
    "default   2 edges · timing fast · fix pull · for 1 min 5 s",
    "  MACHINE       STATE       ADDRESS     CONTAINER     NODE        BELIEVED",
    "  orchestrator  running     10.201.1.3  bbbbbbbbbbbb",
    "  edge1         running     10.201.1.4  aaaaaaaaaaaa  n-2         connected, can be sent to",
    "                its old id                            n-1-of-old  lost, cannot be sent to",
    "  edge2         killed                                n-3         connected",
  ]);
});

describe("where there is no room for all of it", () => {
  const [edge1, orchestrator] = picture.stack.machines;
  const longest = (state: "running" | "paused") => [
    { ...edge1!, state, address: undefined },
    { ...orchestrator!, address: "10.201.139.130" },
  ];
  const tableOf = (machines: Picture["stack"]["machines"], connection: string, ready: boolean) => {
    const nodes = [{ id: "a680a612-f00d", name: "edge1", connection, ready }];
    return pictureLines({ ...picture, nodes, stack: { ...picture.stack, machines } }, { ...AT, width: 80 });
  };

  it("the address is left out first", () => {
    expect(tableOf([orchestrator!], "connected", true).slice(1)).toEqual([
      "  MACHINE       STATE    CONTAINER     NODE        BELIEVED",
      "  orchestrator  running  bbbbbbbbbbbb",
      "  edge1         killed                 a680a612-f  connected, can be sent to",
      "  edge2         killed",
    ]);
  });

  it.each(["running", "paused"] as const)("what is believed of a %s edge is whole at 80 columns", (state) => {
    const lines = tableOf(longest(state), "disconnected", false).slice(1);
    expect(lines[0]).toMatch(/^  MACHINE +STATE +NODE +BELIEVED$/);
    expect(lines[2]).toMatch(/, cut off +a680a612-f  disconnected, cannot be sent to$/);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });
});

it("says of which system it is, unless it is the one that everybody takes for granted", () => {
  const memo = { ...picture.memo!, system: "expanso" };
  expect(pictureLines({ ...picture, memo }, AT)[0]).toBe(
    "default   system expanso · 2 edges · timing fast · fix pull · for 1 min 5 s",
  );
});

it("says who does not answer, who is still at it, and what was made by another version", () => {
  const stack = { ...picture.stack, maker: "4711", elsewhere: "ci-3" };
  const lines = pictureLines({ ...picture, stack, nodes: undefined }, { ...AT, width: 80 });
  expect(lines.slice(0, 2)).toEqual([
    "default   2 edges · timing fast · fix pull · for 1 min 5 s · made on ci-3 ·",
    "          process 4711 is still at it · the orchestrator does not answer",
  ]);
  expect(pictureLines({ ...picture, memo: undefined, nodes: undefined }, AT)[0]).toBe(
    "default   of another version of this program · for 1 min 5 s",
  );
});

it("has the same for programs", () => {
  expect(pictureJson(picture)).toEqual({
    name: "default",
    system: "bundled",
    edges: 2,
    timing: PROFILES["fast"]!.timing,
    fix: "pull",
    avoid: null,
    madeAt: "2026-11-22T05:00:00.000Z",
    orchestratorAnswers: true,
    machines: [
      {
        name: "orchestrator",
        state: "running",
        address: "10.201.1.3",
        container: "bbbbbbbbbbbb",
        nodes: [],
      },
      {
        name: "edge1",
        state: "running",
        address: "10.201.1.4",
        container: "aaaaaaaaaaaa",
        nodes: [
          { id: "n-1-of-old-times", connection: "lost", ready: false, current: false },
          { id: "n-2", connection: "connected", ready: true, current: true },
        ],
      },
      {
        name: "edge2",
        state: "killed",
        address: null,
        container: null,
        nodes: [{ id: "n-3", connection: "connected", ready: null, current: true }],
      },
    ],
  });
});
