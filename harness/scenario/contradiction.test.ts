import { describe, expect, it } from "vitest";
import { aCluster, aRunState, type Happenings } from "../test-kit/a-cluster.ts";
import { createEdges } from "./edges.ts";
import { RunAborted } from "./run-aborted.ts";

describe("a pause", () => {
  it("is believed of an edge that says nothing until it is thawed, whatever it said before", async () => {
    const { edges, cluster } = await someEdges();
    cluster.print("edge1", "beat");
    await edges.pause();
    await cluster.clock.advance(1_000);
    await edges.resume();
    cluster.print("edge1", "beat");
    expect(cluster.calls.at(-1)).toBe("resume edge2");
  });

  it("did not bite if one of them goes on logging", async () => {
    const { edges, cluster, record } = await someEdges();
    await edges.pause();
    await cluster.clock.advance(1_000);
    cluster.print("edge2", "beat");
    await expect(edges.resume()).rejects.toThrow(
      new RunAborted("pause of edge1, edge2 did not bite: edge2 went on logging"),
    );
    expect(record().at(-1)).toMatchObject({ kind: "fault", fault: "pause", bit: false });
  });

  it("is no matter of what others say, or of the last line before it", async () => {
    const { edges, cluster } = await someEdges();
    await edges.first(1).pause();
    await cluster.clock.advance(20);
    cluster.print("edge1", "beat");
    cluster.print("edge2", "beat");
    await cluster.clock.advance(1_000);
    cluster.print("edge2", "beat");
    await edges.first(1).resume();
    expect(cluster.calls.at(-1)).toBe("resume edge1");
  });
});

describe("a recreation", () => {
  it.each([
    ["new", "n-1", "edge1 returned under the id of before"],
    ["kept", "n-2", "edge1 returned under another id"],
    ["wiped", "n-2", "edge1 returned under another id"],
  ] as const)("with identity %s did not bite if edge1, that was n-1, is %s", async (identity, id, seen) => {
    const { edges, recreated } = await someEdges({ isReturnUnseen: true });
    const back = edges.first(1).recreate({ identity });
    await recreated(id);
    await expect(back).rejects.toThrow(new RunAborted(`recreate of edge1 did not bite: ${seen}`));
  });

  it.each([
    ["new", "n-2"],
    ["wiped", "n-1"],
  ] as const)("with identity %s did not bite if edge1 goes on with what it had", async (identity, id) => {
    const { edges, recreated } = await someEdges({ isReturnUnseen: true });
    const back = edges.first(1).recreate({ identity });
    await recreated(id, "resumed");
    await expect(back).rejects.toThrow(/edge1 went on with what the disk of before held/);
  });

  it.each([
    ["kept", "n-1", "resumed"],
    ["new", "n-2", undefined],
    ["wiped", "n-1", undefined],
  ] as const)("with identity %s is believed of edge1 as %s", async (identity, id, says) => {
    const { edges, recreated, record } = await someEdges({ isReturnUnseen: true });
    const back = edges.first(1).recreate({ identity });
    await recreated(id, says);
    await back;
    expect(record().filter((entry) => entry.kind === "fault" && !entry.bit)).toEqual([]);
  });
});

/** Two edges; edge1 has shaken hands as n-1. */
async function someEdges(happenings: Happenings = {}) {
  const cluster = aCluster(happenings);
  const state = await aRunState(cluster);
  cluster.print("orchestrator", "handshake node_name=edge1 node_id=n-1");
  return {
    cluster,
    edges: createEdges(state, ["edge1", "edge2"]),
    record: () => state.timeline.entries(),
    /** What edge1 says, if anything, and then shakes hands. */
    recreated: async (id: string, says?: string) => {
      await cluster.clock.advance(10);
      if (says !== undefined) cluster.print("edge1", says);
      cluster.print("orchestrator", `handshake node_name=edge1 node_id=${id}`);
    },
  };
}
