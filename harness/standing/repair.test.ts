import { expect, it } from "vitest";
import type { MachineState } from "../engines/engine.ts";
import { repairs, sayRepairs, sayState } from "./repair.ts";

const ADDRESS = "10.201.0.4";

it.each<[MachineState, string | undefined, readonly string[], string]>([
  ["running", ADDRESS, [], "running"],
  ["running", undefined, ["heal"], "running, cut off"],
  ["paused", ADDRESS, ["resume"], "paused"],
  ["paused", undefined, ["heal", "resume"], "paused, cut off"],
  ["exited", undefined, ["start"], "stopped"],
  ["created", undefined, ["start"], "created"],
  ["absent", undefined, ["recreate"], "killed"],
])("what is %s at %s is made whole by %j, and told as %s", (state, address, deeds, told) => {
  const machine = { name: "edge1", state, address, container: "c1" };
  expect(repairs(["edge1"], [machine]).map((repair) => repair.do)).toEqual(deeds);
  expect(sayState(machine)).toBe(told);
});

it("what the engine knows nothing of any more is recreated; what is not asked for is left alone", () => {
  const other = { name: "edge9", state: "exited" as const, address: undefined, container: "c9" };
  expect(repairs(["nats", "edge1"], [other])).toEqual([
    { machine: "nats", do: "recreate" },
    { machine: "edge1", do: "recreate" },
  ]);
});

it("is told deed by deed", () => {
  const repair = (machine: string, deed: "recreate" | "heal" | "resume" | "start") => ({ machine, do: deed });
  const all = [repair("nats", "resume"), repair("edge1", "recreate"), repair("edge2", "recreate")];
  expect(sayRepairs([...all, repair("edge3", "heal"), repair("edge4", "start")])).toBe(
    "thawed nats; recreated edge1, edge2; healed edge3; started edge4",
  );
});
