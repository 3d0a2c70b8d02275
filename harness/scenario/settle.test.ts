import { describe, expect, it } from "vitest";
import { ControlError } from "../systems/system.ts";
import { aCluster, aRunState, type Happenings, type TestCluster } from "../test-kit/a-cluster.ts";
import { aNode, aView } from "../test-kit/a-view.ts";
import { ofKind } from "../timeline/timeline.ts";
import type { EntryOf } from "../timeline/entry.ts";
import type { RunState } from "./run-state.ts";
import { settle } from "./settle.ts";

const W_MS = 3_750;

describe("the end of a run", () => {
  it("comes W after the last handshake: a look, every edge asked, another look", async () => {
    const { cluster, state, settled } = await aRun({ runningOn: (edge) => [`e-on-${edge}`] });
    await cluster.clock.advance(1_000);
    cluster.print("orchestrator", "handshake node_name=edge2");
    expect(await settled()).toMatchObject({ edges: ["edge1", "edge2"], sinceMs: 1_000, windowMs: W_MS });
    expect(state.nowMs()).toBe(1_000 + W_MS);
    expect(cluster.calls).toEqual(["look", "ask edge1", "ask edge2", "look"]);
    expect(state.timeline.entries().filter(({ kind }) => kind !== "log")).toMatchObject([
      { kind: "step", verb: "settle" },
      { kind: "state" },
      { kind: "running-on", edge: "edge1", executionIds: ["e-on-edge1"] },
      { kind: "running-on", edge: "edge2", executionIds: ["e-on-edge2"] },
      { kind: "state" },
      { kind: "streams-read" },
      { kind: "settled", problem: undefined },
    ]);
  });

  it("comes at once where W has gone by", async () => {
    const { cluster, state, settled } = await aRun();
    await cluster.clock.advance(W_MS);
    expect(await settled()).toMatchObject({ sinceMs: 0, problem: undefined });
    expect(state.nowMs()).toBe(W_MS);
    expect(ofKind(state.timeline.entries(), "step")).toEqual([]);
  });

  it.each<[string, (state: RunState) => void, number]>([
    [
      "something that the scenario did",
      (state) => state.record({ kind: "step", verb: "deploy", subject: "" }),
      5_000,
    ],
    [
      "a fault",
      (state) => state.record({ kind: "fault", fault: "heal", machines: ["edge1"], bit: true, seen: "" }),
      5_000,
    ],
    ["a look of the scenario's", (state) => state.record({ kind: "step", verb: "see", subject: "" }), 0],
    ["a verdict", (state) => state.record({ kind: "step", verb: "judge", subject: "" }), 0],
  ])("W counts from %s, or does not", async (_what, happens, sinceMs) => {
    const { cluster, state, settled } = await aRun();
    await cluster.clock.advance(5_000);
    happens(state);
    expect(await settled()).toMatchObject({ sinceMs });
    expect(state.nowMs()).toBe(Math.max(5_000, sinceMs + W_MS));
  });

  it("is told when it has to be waited for", async () => {
    const { state, settled } = await aRun();
    await settled();
    expect(ofKind(state.timeline.entries(), "step")).toMatchObject([
      { verb: "settle", subject: "until nothing has changed for W = 3.8s" },
    ]);
  });

  it("is put off by a handshake meanwhile", async () => {
    const { cluster, state, settled } = await aRun();
    cluster.clock.after(2_000, () => cluster.print("orchestrator", "handshake node_name=edge1"));
    expect(await settled()).toMatchObject({ sinceMs: 2_000 });
    expect(state.nowMs()).toBe(2_000 + W_MS);
  });

  it("is not asked of the edges of a system that cannot be", async () => {
    const { cluster, settled } = await aRun({ capabilities: [] });
    expect(await settled()).toMatchObject({ edges: ["edge1", "edge2"], problem: undefined });
    expect(cluster.calls).toEqual(["look", "look"]);
  });
});

describe("an edge that should be connected", () => {
  it.each(["absent", "created", "paused"] as const)("is none that is %s", async (machine) => {
    const { settled } = await aRun({ stateOf: (name) => (name === "edge2" ? machine : undefined) });
    expect(await settled()).toMatchObject({ edges: ["edge1"], problem: undefined });
  });

  it.each([
    ["cut", ["edge1"]],
    ["cut heal", ["edge1", "edge2"]],
    ["cut pause resume", ["edge1"]],
    ["cut kill recreate", ["edge1", "edge2"]],
  ])("counts by what was done to it: %s", async (faults, edges) => {
    const { state, settled } = await aRun();
    for (const fault of faults.split(" "))
      state.record({ kind: "fault", fault, machines: ["edge2"], bit: true, seen: "" });
    expect(await settled()).toMatchObject({ edges });
  });

  it.each([
    ["stop", ["edge1"]],
    ["stop restart", ["edge1", "edge2"]],
    ["pause", ["edge1", "edge2"]],
  ])("is one that has exited by itself after: %s", async (faults, edges) => {
    const { state, settled } = await aRun({ stateOf: (name) => (name === "edge2" ? "exited" : undefined) });
    for (const fault of faults.split(" "))
      state.record({ kind: "fault", fault, machines: ["edge2"], bit: true, seen: "" });
    expect(await settled()).toMatchObject({ edges });
  });

  it("is waited for, and W counts from its return", async () => {
    const { cluster, state, settled } = await aRun();
    const [edge1, edge2] = cluster.seen.nodes;
    cluster.seen = aView({ nodes: [edge1!, { ...edge2!, connection: "disconnected" }] });
    cluster.clock.after(7_000, () => {
      cluster.seen = aView({ nodes: [edge1!, edge2!] });
      cluster.print("orchestrator", "handshake node_name=edge2");
      cluster.print("orchestrator", "ready node_name=edge2");
    });
    expect(await settled()).toMatchObject({ sinceMs: 7_000, problem: undefined });
    expect(state.nowMs()).toBe(7_000 + W_MS);
  });

  it("is the node under which it shook hands last, not the one that it was", async () => {
    const { cluster, settled } = await aRun();
    const old = aNode({ id: "n-old", name: "edge1", connection: "disconnected" });
    cluster.seen = aView({ nodes: [old, ...cluster.seen.nodes] });
    expect(await settled()).toMatchObject({ problem: undefined });
  });
});

describe("a cluster that does not come to rest is recorded as that", () => {
  it.each([
    ["not connected", { connection: "disconnected" }],
    ["not ready", { ready: false }],
  ])("where an edge stays %s", async (_what, at) => {
    const { cluster, state, settled } = await aRun();
    const [edge1, edge2] = cluster.seen.nodes;
    cluster.seen = aView({ nodes: [edge1!, { ...edge2!, ...at }] });
    expect(await settled()).toMatchObject({
      problem: "edge2 should be connected and ready, and is not",
    });
    expect(state.nowMs()).toBe(3 * W_MS + 30_000);
  });

  it("where something changes again and again", async () => {
    const { cluster, settled } = await aRun();
    const again = (): void => {
      cluster.print("orchestrator", "handshake node_name=edge1");
      cluster.clock.after(1_000, again);
    };
    again();
    expect(await settled()).toMatchObject({ problem: "something changed again and again, until 39.8s" });
  });

  it.each(["look", "ask edge2"])("where the system's own command fails: %s", async (failing) => {
    const { cluster, settled } = await aRun({
      act: (deed) => {
        if (deed === failing) throw new ControlError("exit 1: no agent answers");
      },
    });
    expect(await settled()).toMatchObject({ problem: "exit 1: no agent answers" });
    expect(cluster.clock.pending()).toBe(0);
  });

  it("where the log cannot be read to its end", async () => {
    const { settled } = await aRun({}, { lastHeardMs: () => undefined });
    expect(await settled()).toMatchObject({ problem: "the log could not be read to its end" });
  });
});

it("what is a defect of ours is thrown", async () => {
  const defect = new TypeError("x");
  const { settled } = await aRun({
    act: (deed) => {
      if (deed === "look") throw defect;
    },
  });
  await expect(settled()).rejects.toBe(defect);
});

it("an interrupted run does not wait for it", async () => {
  const controller = new AbortController();
  const reason = new Error("interrupted by SIGINT");
  const cluster = aCluster();
  const state = await aRunState(cluster, { signal: controller.signal });
  cluster.clock.after(1_000, () => controller.abort(reason));
  await expect(cluster.clock.drive(settle(state, W_MS))).rejects.toBe(reason);
  expect(cluster.clock.pending()).toBe(0);
});

/** A run with two edges that shook hands at its beginning, after which nothing was done. */
async function aRun(
  happenings: Happenings = {},
  at: Partial<RunState> = {},
): Promise<{
  readonly cluster: TestCluster;
  readonly state: RunState;
  readonly settled: () => Promise<EntryOf<"settled"> | undefined>;
}> {
  const cluster = aCluster({ capabilities: ["edge-executions"], ...happenings });
  const state = { ...(await aRunState(cluster)), ...at };
  cluster.seen = aView({ nodes: ["edge1", "edge2"].map((name) => aNode({ id: `n-${name}`, name })) });
  for (const { name } of cluster.seen.nodes) cluster.print("orchestrator", `handshake node_name=${name}`);
  return {
    cluster,
    state,
    settled: async () => {
      await cluster.clock.drive(settle(state, W_MS));
      return ofKind(state.timeline.entries(), "settled").at(-1);
    },
  };
}
