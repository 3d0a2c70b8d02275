import { expect, it } from "vitest";
import { aCluster, aRunState } from "../test-kit/a-cluster.ts";
import { hearOf } from "./hear-of.ts";

const EDGES = ["edge1", "edge2"];

it("knows the edges that nothing was heard of, in their order, and asks of every line only once", async () => {
  const { print, state, edgeOf, asked } = await aLog();
  const heard = hearOf(state, EDGES, edgeOf);
  expect(heard.missing()).toEqual(["edge1", "edge2"]);
  print("ready node_name=edge2", "ready node_name=edge9", "progress job_id=j-new");
  expect(heard.missing()).toEqual(["edge1"]);
  print("ready node_name=edge1", "ready node_name=edge1");
  expect(heard.missing()).toEqual([]);
  expect(heard.missing()).toEqual([]);
  expect(asked()).toBe(5);
});

it("hears what was said before it was made, from the reading on that it is told", async () => {
  const { print, state, edgeOf } = await aLog();
  print("ready node_name=edge1", "ready node_name=edge2");
  expect(hearOf(state, EDGES, edgeOf).missing()).toEqual([]);
  expect(hearOf(state, EDGES, edgeOf, 1).missing()).toEqual(["edge1"]);
  expect(hearOf(state, EDGES, edgeOf, 2).missing()).toEqual(["edge1", "edge2"]);
});

it("wakes on lines about these edges, and on no others", async () => {
  const { print, state, edgeOf } = await aLog();
  print("ready node_name=edge2", "ready node_name=edge9", "progress job_id=j-new");
  expect(state.readings.map(hearOf(state, EDGES, edgeOf).wakesOn)).toEqual([true, false, false]);
});

async function aLog() {
  const cluster = aCluster();
  const state = await aRunState(cluster);
  let asked = 0;
  return {
    state,
    asked: () => asked,
    edgeOf: (reading: (typeof state.readings)[number]) => {
      asked += 1;
      return state.system.signals.nodeReady(reading);
    },
    print: (...lines: readonly string[]) => {
      for (const line of lines) cluster.print("orchestrator", line);
    },
  };
}
