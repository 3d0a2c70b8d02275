import { describe, expect, it } from "vitest";
import { aCluster, aRunState } from "../test-kit/a-cluster.ts";
import { aNode } from "../test-kit/a-view.ts";
import { createEdges } from "./edges.ts";

describe("edges never leave", () => {
  it("as long as no line says so of one of them", async () => {
    const { edges, cluster } = await someEdges();
    const steady = edges.only(1).neverLeave();
    cluster.print("orchestrator", "left node_name=edge2 state=disconnected");
    expect(await steady.look()).toEqual({ met: true, seen: "connected all the time" });
  });

  it("not once one of them was believed gone, though it has come back since", async () => {
    const { edges, cluster } = await someEdges();
    const steady = edges.neverLeave();
    cluster.print("orchestrator", "left node_name=edge1 state=disconnected");
    cluster.print("orchestrator", "handshake node_name=edge1 node_id=n-edge1");
    expect(await steady.look()).toEqual({ met: false, seen: "was believed gone: edge1 disconnected" });
  });

  it("as far as is seen of them, where no line may tell of it", async () => {
    const { edges, cluster } = await someEdges();
    const steady = edges.only(1).neverLeave();
    cluster.seen = { ...cluster.seen, nodes: [aNode({})] };
    expect(await steady.lookByStates?.()).toEqual({ met: true, seen: "connected all the time" });
    cluster.seen = { ...cluster.seen, nodes: [aNode({ connection: "disconnected" })] };
    const gone = { met: false, seen: "was believed gone: edge1 disconnected" };
    expect(await steady.lookByStates?.()).toEqual(gone);
    cluster.seen = { ...cluster.seen, nodes: [aNode({})] };
    expect(await steady.lookByStates?.()).toEqual(gone);
  });

  it("from the moment on in which it was asked for", async () => {
    const { edges, cluster } = await someEdges();
    cluster.print("orchestrator", "left node_name=edge1 state=disconnected");
    expect(await edges.neverLeave().look()).toMatchObject({ met: true });
  });

  it("is looked at again when one of them leaves, and not for others", async () => {
    const { edges, read } = await someEdges();
    const { wakesOn } = edges.only(1).neverLeave();
    expect(read("left node_name=edge1 state=lost").map(wakesOn)).toEqual([true]);
    expect(read("left node_name=edge2 state=lost").map(wakesOn)).toEqual([false]);
  });
});

describe("edges are settled in", () => {
  it("when every join was looked at, however many at a time", async () => {
    const { edges, cluster, read } = await someEdges();
    const condition = edges.areSettledIn();
    cluster.print("orchestrator", "joins more=1");
    cluster.print("orchestrator", "joins more=1");
    expect(await condition.look()).toEqual({ met: false, seen: "2 joins wait for their batch" });
    cluster.print("orchestrator", "joins more=-1");
    expect(await condition.look()).toMatchObject({ met: false });
    expect(read("joins more=-1").map(condition.wakesOn)).toEqual([true]);
    cluster.print("orchestrator", "joins more=-1");
    expect(await condition.look()).toMatchObject({ met: true });
  });
});

describe("an edge that has come back under a new id", () => {
  it("is believed what its newest node is", async () => {
    const { edges, cluster } = await someEdges();
    cluster.print("orchestrator", "handshake node_name=edge1 node_id=n-old");
    cluster.print("orchestrator", "handshake node_name=edge1 node_id=n-new");
    cluster.seen = {
      ...cluster.seen,
      nodes: [aNode({ id: "n-new" }), aNode({ id: "n-old", connection: "disconnected" })],
    };
    expect(await edges.only(1).areBelieved("connected").look()).toMatchObject({ met: true });
    expect(await edges.only(1).areBelieved("disconnected").look()).toMatchObject({ met: false });
  });
});

async function someEdges() {
  const cluster = aCluster();
  const state = await aRunState(cluster);
  const read = (text: string) =>
    cluster.system.createLineReader()({ machine: "orchestrator", text, atMs: 0 });
  return { cluster, read, edges: createEdges(state, ["edge1", "edge2"]) };
}
