import { expect, test } from "vitest";
import type { Machine } from "../engines/engine.ts";
import { bundledSystem } from "../systems/bundled/bundled.ts";
import { startMachines } from "./start.ts";

test("edges are started once what they look for has started, whatever the order of the machines", async () => {
  const told: string[] = [];
  const machine = (name: string): Machine =>
    ({
      name,
      start: async () => {
        told.push(`${name} starts`);
        await Promise.resolve();
        told.push(`${name} started`);
      },
    }) as Machine;

  await startMachines(["edge1", "nats", "edge2", "orchestrator"].map(machine), bundledSystem);

  expect(told).toEqual([
    "nats starts",
    "orchestrator starts",
    "nats started",
    "orchestrator started",
    "edge1 starts",
    "edge2 starts",
    "edge1 started",
    "edge2 started",
  ]);
});

test("a machine that does not start is told, and no edge is started then", async () => {
  const started: string[] = [];
  const machine = (name: string): Machine =>
    ({
      name,
      start: async () => {
        if (name === "nats") throw new Error("no room");
        started.push(name);
        return await Promise.resolve();
      },
    }) as Machine;

  await expect(startMachines(["nats", "edge1"].map(machine), bundledSystem)).rejects.toThrow("no room");
  expect(started).toEqual([]);
});
