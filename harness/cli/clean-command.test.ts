import { expect, it } from "vitest";
import type { CleanUp } from "../engines/docker/clean/plan.ts";
import { cleanUpLines, DONE, DRY } from "./clean-command.ts";

const thing = (name: string) => ({ id: name, name, run: "r", owner: "o" });
const dead: CleanUp = {
  run: "r1",
  state: "dead",
  remove: true,
  why: "its harness, process 7, is gone",
  stands: false,
  things: {
    containers: [thing("repro-r1-nats"), thing("repro-r1-edge1")],
    networks: [thing("repro-r1")],
    volumes: [],
    images: [],
  },
};
const living: CleanUp = {
  run: "r2",
  state: "alive",
  remove: false,
  why: "its harness, process 8, runs",
  stands: false,
  things: { containers: [], networks: [thing("repro-r2")], volumes: [], images: [] },
};

it("says what was removed, what was left, and why", () => {
  expect(cleanUpLines([living, dead], DONE, "2 containers")).toEqual([
    "removed 2 containers",
    "  r1  its harness, process 7, is gone: 2 containers, 1 network",
    "left 1 network (--all removes them too)",
    "  r2  its harness, process 8, runs: 1 network",
  ]);
});

it("names each thing beforehand", () => {
  expect(cleanUpLines([living, dead], DRY)).toEqual([
    "would remove 2 containers, 1 network",
    "  r1  its harness, process 7, is gone: 2 containers, 1 network",
    "    container  repro-r1-edge1",
    "    container  repro-r1-nats",
    "    network    repro-r1",
    "would leave 1 network (--all removes them too)",
    "  r2  its harness, process 8, runs: 1 network",
    "    network    repro-r2",
  ]);
});

it.each([DONE, DRY])("says how to remove a stack that stands, and it alone: $left", (words) => {
  const kept = { ...living, run: "mine", why: "kept on purpose", stands: true };
  expect(cleanUpLines([kept], words).slice(1, 4)).toEqual([
    `${words.left} 1 network (--all removes them too)`,
    "  mine  kept on purpose: 1 network",
    "    remove it alone: repro down --name mine",
  ]);
  expect(cleanUpLines([{ ...kept, remove: true }], words).join("\n")).not.toContain("repro down");
});

it("says so when there is nothing", () => {
  expect(cleanUpLines([], DONE)).toEqual(["removed nothing"]);
});
