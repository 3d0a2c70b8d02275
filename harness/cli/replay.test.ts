import { describe, expect, it } from "vitest";
import { replayCommand, type Replay } from "./replay.ts";

const PLAIN: Replay = {
  scenario: "node-lost",
  engine: "docker",
  askedEngine: "auto",
  system: "bundled",
  timing: "default",
  fix: "none",
  seed: 7,
};

describe("the command that does it again", () => {
  it.each<[string, Partial<Replay>, string]>([
    ["nothing that was left to its default", {}, "pnpm repro node-lost"],
    ["the engine that was asked for", { askedEngine: "docker" }, "pnpm repro node-lost --engine docker"],
    [
      "a simulation as such, with its seed, however it came to be",
      { engine: "sim" },
      "pnpm repro node-lost --engine sim --seed 7",
    ],
    ["another system", { system: "expanso" }, "pnpm repro node-lost --system expanso"],
    ["what was expected instead", { expect: "held" }, "pnpm repro node-lost --expect held"],
    [
      "all else",
      { timing: "fast", set: ["heartbeat=2s", "housekeeping=2s"], fix: "pull+resync", edges: 3 },
      "pnpm repro node-lost --timing fast --set heartbeat=2s --set housekeeping=2s --fix pull+resync --edges 3",
    ],
  ])("has %s", (_what, at, command) => {
    expect(replayCommand({ ...PLAIN, ...at })).toBe(command);
  });
});
