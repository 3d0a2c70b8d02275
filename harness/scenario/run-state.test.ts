import { expect, it } from "vitest";
import { aCluster, aRunState } from "../test-kit/a-cluster.ts";
import { aNode } from "../test-kit/a-view.ts";
import { createRunState } from "./run-state.ts";

it("records what it understands at the time that the machine printed, by the engine's clock", async () => {
  const { state, cluster } = await aRun({ skewMs: 250 });
  await cluster.clock.advance(1_000);
  cluster.print("orchestrator", "ready node_name=edge1");
  cluster.print("orchestrator", "nobody knows this line");
  expect(state.timeline.entries()).toEqual([
    {
      seq: 1,
      atMs: 750,
      kind: "log",
      pattern: "ready",
      machine: "orchestrator",
      fields: { node_name: "edge1" },
      text: "ready node_name=edge1",
    },
  ]);
  expect(state.nowMs()).toBe(1_000);
});

it("records every look, and what was seen", async () => {
  const { state, cluster } = await aRun();
  cluster.seen = { ...cluster.seen, nodes: [aNode()] };
  expect(await state.look()).toBe(cluster.seen);
  expect(state.timeline.entries().at(-1)).toMatchObject({ kind: "state", seen: cluster.seen });
});

it("tells of every line, understood or not, until nobody wants to hear any more", async () => {
  const { state, cluster } = await aRun();
  const heard: string[] = [];
  const stops = [
    state.onLine((machine) => heard.push(`line of ${machine}`)),
    state.onReading((reading) => heard.push(reading.pattern.name)),
  ];
  cluster.print("nats", "beat");
  cluster.print("edge1", "nobody knows this line");
  for (const stop of stops) stop();
  cluster.print("nats", "beat");
  expect(heard).toEqual(["beat", "line of nats", "line of edge1"]);
});

it("remembers when each machine was last heard", async () => {
  const { state, cluster } = await aRun();
  cluster.print("nats", "beat");
  await cluster.clock.advance(300);
  cluster.print("nats", "nobody knows this line");
  expect(state.lastHeardMs("nats")).toBe(300);
  expect(state.lastHeardMs("edge1")).toBeUndefined();
});

it("keeps lines out of the log files while it is to be quiet, and still reads them", async () => {
  const { state, cluster, kept } = await aRun();
  cluster.print("nats", "beat 1");
  await state.quietly(async () => cluster.print("nats", "beat 2"));
  const failure = state.quietly(() => Promise.reject(new Error("x")));
  await expect(failure).rejects.toThrow("x");
  cluster.print("nats", "beat 3");
  expect(kept).toEqual(["nats: beat 1", "nats: beat 3"]);
  expect(state.readings.map(({ text }) => text)).toEqual(["beat 1", "beat 2", "beat 3"]);
});

async function aRun({ skewMs = 0 }: { readonly skewMs?: number } = {}) {
  const cluster = aCluster();
  const { stack, system, signal, timing } = await aRunState(cluster);
  const kept: string[] = [];
  const state = createRunState({
    engine: { ...cluster.engine, skewMs },
    system,
    stack,
    signal,
    timing,
    startedAtMs: cluster.clock.nowMs(),
    onEntry: () => {},
    onLine: (machine, text) => kept.push(`${machine}: ${text}`),
  });
  return { cluster, state, kept };
}
