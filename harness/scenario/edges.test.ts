import { describe, expect, it } from "vitest";
import { settled } from "../test-kit/a-clock.ts";
import { aCluster, aRunState, type Happenings } from "../test-kit/a-cluster.ts";
import { aNode } from "../test-kit/a-view.ts";
import { createEdges } from "./edges.ts";
import { RunAborted } from "./run-aborted.ts";

describe("some of the edges", () => {
  it("are those that there are", async () => {
    const { edges } = await someEdges(3);
    expect([edges.first(3), edges.rest(2), edges.only(3)].map(({ names }) => names)).toEqual([
      ["edge1", "edge2", "edge3"],
      ["edge3"],
      ["edge3"],
    ]);
  });

  it("are not none: what is claimed of nothing is true", async () => {
    const { edges } = await someEdges(2);
    expect(() => edges.first(3)).toThrow("the scenario picks the first 3: there are 2 edges");
    expect(() => edges.rest(2)).toThrow("the scenario picks all but the first 2: there are 2 edges");
    expect(() => edges.only(3)).toThrow("the scenario picks edge 3: there are 2 edges");
    expect(() => edges.only(0)).toThrow("the scenario picks edge 0: there are 2 edges");
  });
});

describe("a fault", () => {
  it("is done to all these edges at once, and to nothing else", async () => {
    const { edges, cluster } = await someEdges(3);
    await edges.rest(1).pause();
    await edges.first(1).resume();
    await edges.kill();
    expect(cluster.calls).toEqual([
      "pause edge2",
      "pause edge3",
      "resume edge1",
      "kill edge1",
      "kill edge2",
      "kill edge3",
    ]);
  });

  it("leaves in the record what was done, and how it is known to have worked", async () => {
    const { edges, record } = await someEdges(2, { capabilities: ["broker-record"] });
    await edges.kill();
    expect(record()).toMatchObject([
      { kind: "step", verb: "kill", subject: "edge1, edge2 (rm -f)" },
      { kind: "log", pattern: "closed" },
      { kind: "log", pattern: "closed" },
      {
        kind: "fault",
        fault: "kill",
        machines: ["edge1", "edge2"],
        bit: true,
        seen: "kill edge1: done; kill edge2: done; NATS: connection closed (cid 2, 2)",
      },
    ]);
  });

  it("that did not bite on one of them ends the run, and says on which", async () => {
    const { edges, record } = await someEdges(2, {
      act: (deed) => (deed === "pause edge2" ? { bit: false, seen: "edge2 is running" } : undefined),
    });
    await expect(edges.pause()).rejects.toThrow(
      new RunAborted(
        "pause of edge1, edge2 did not bite: edge2 not: edge2 is running; edge1 done: pause edge1: done",
      ),
    );
    expect(record().at(-1)).toMatchObject({ kind: "fault", bit: false });
  });

  it("that the broker did not see ends the run, though the engine says that it bit", async () => {
    const { edges, cluster, record } = await someEdges(1, {
      capabilities: ["broker-record"],
      isBrokerBlind: true,
    });
    await expect(cluster.clock.drive(edges.kill())).rejects.toThrow(
      new RunAborted("kill of edge1 did not bite: NATS never recorded the connection of edge1 as closed"),
    );
    expect(record().at(-1)).toMatchObject({ kind: "fault", bit: false });
  });

  it("is not begun after an interruption", async () => {
    const controller = new AbortController();
    const { edges, cluster, record } = await someEdges(1, {}, controller.signal);
    controller.abort(new Error("interrupted"));
    await expect(edges.kill()).rejects.toThrow(new Error("interrupted"));
    expect(cluster.calls).toEqual([]);
    expect(record()).toEqual([]);
  });
});

describe("a cut", () => {
  it("is healed when its scope ends, and both leave their proof", async () => {
    const { edges, cluster, record } = await someEdges(1);
    {
      await using _cut = await edges.cut();
      expect(cluster.calls).toEqual(["cut edge1"]);
    }
    expect(cluster.calls).toEqual(["cut edge1", "heal edge1"]);
    expect(record().filter((entry) => entry.kind === "fault")).toMatchObject([
      { fault: "cut", bit: true },
      { fault: "heal", bit: true },
    ]);
  });

  it("is healed after a throw as well", async () => {
    const { edges, cluster } = await someEdges(1);
    const work = async () => {
      await using _cut = await edges.cut();
      throw new RunAborted("the premise slipped");
    };
    await expect(work()).rejects.toThrow("the premise slipped");
    expect(cluster.calls).toEqual(["cut edge1", "heal edge1"]);
  });
});

describe("while edges are cut off, the broker", () => {
  /** Two connected edges of which the first is cut off and healed; what the broker hears, before, meanwhile, after. */
  async function cutAndHeal(meanwhile: (print: (line: string) => void) => void) {
    const { edges, cluster, record } = await someEdges(2, { capabilities: ["broker-record"] });
    const print = (line: string) => cluster.print("nats", line);
    print("opened client=edge1 cid=4");
    print("opened client=edge2 cid=5");
    print("heard cid=4");
    await cluster.clock.advance(10);
    const cut = await edges.first(1).cut();
    await cluster.clock.advance(250);
    meanwhile(print);
    await cluster.clock.advance(250);
    const healing = cut[Symbol.asyncDispose]();
    print("heard cid=4");
    return { healing, record };
  }
  const PROOF = { fault: "heal", bit: true, seen: "heal edge1: done; NATS: nothing from edge1 for 500 ms" };

  it("hears nothing of them, and of the others what it may; what was on its way arrives afterwards", async () => {
    const { healing, record } = await cutAndHeal((print) => print("heard cid=5"));
    await healing;
    expect(record().at(-1)).toMatchObject(PROOF);
  });

  it("hears something: then they were not cut off, and the run cannot tell", async () => {
    const { healing, record } = await cutAndHeal((print) => print("heard cid=4"));
    await expect(healing).rejects.toThrow(
      new RunAborted("heal of edge1 did not bite: NATS: heard of edge1 all the same, while cut off"),
    );
    expect(record().at(-1)).toMatchObject({ kind: "fault", bit: false });
  });

  it("may have been started anew, and given their number to somebody else", async () => {
    const { healing, record } = await cutAndHeal((print) => {
      print("opened client=orchestrator cid=4");
      print("heard cid=4");
    });
    await healing;
    expect(record().at(-1)).toMatchObject(PROOF);
  });
});

describe("recreated edges", () => {
  it.each([
    ["kept", "same ids, same data"],
    ["new", "new ids, empty data"],
    ["wiped", "same ids, empty data"],
  ] as const)("return with identity %s", async (identity, told) => {
    const { edges, cluster, record } = await someEdges(1);
    await edges.recreate({ identity });
    expect(cluster.calls).toEqual([`recreate edge1 ${identity}`]);
    expect(record()[0]).toMatchObject({ verb: "recreate", subject: `edge1 (${told})` });
  });

  it("are refused for an identity that there is not, before anything is done", async () => {
    const { edges, cluster } = await someEdges(1);
    await expect(edges.recreate({ identity: "same" as "kept" })).rejects.toThrow(
      'recreate: there is no identity "same"; accepted are kept, new, wiped',
    );
    expect(cluster.calls).toEqual([]);
  });

  it("have returned when the orchestrator has shaken hands with each anew", async () => {
    const { edges, cluster } = await someEdges(2, { isReturnUnseen: true });
    cluster.print("orchestrator", "handshake node_name=edge1");
    cluster.print("orchestrator", "handshake node_name=edge2");
    let isBack = false;
    const back = edges.recreate({ identity: "kept" }).then(() => (isBack = true));
    await cluster.clock.advance(5_000);
    expect(isBack).toBe(false);
    cluster.print("orchestrator", "handshake node_name=edge2");
    await settled();
    expect(isBack).toBe(false);
    cluster.print("orchestrator", "handshake node_name=edge1");
    await back;
  });

  it("end the run if they never do", async () => {
    const { edges, cluster } = await someEdges(2, { isReturnUnseen: true });
    await expect(cluster.clock.drive(edges.recreate({ identity: "kept" }))).rejects.toThrow(
      new RunAborted("waited 30000 ms until edge1, edge2 shake hands: no handshake with edge1, edge2"),
    );
  });
});

describe("edges are ready", () => {
  it("when the log says so of each and the orchestrator confirms it", async () => {
    const { edges, cluster } = await someEdges(2);
    const ready = edges.areReady();
    cluster.seen = { ...cluster.seen, nodes: [aNode(), aNode({ id: "n-edge2", name: "edge2" })] };
    cluster.print("orchestrator", "ready node_name=edge1");
    expect(await ready.look()).toEqual({ met: false, seen: "edge2 not ready yet" });
    expect(cluster.calls).toEqual([]);
    cluster.print("orchestrator", "ready node_name=edge2");
    expect(await ready.look()).toEqual({ met: true, seen: "all ready" });
    expect(cluster.calls).toEqual(["look"]);
  });

  it.each([
    ["disconnected", { connection: "disconnected" }],
    ["without a data plane", { ready: false }],
    ["unknown", { name: "edge9" }],
  ])("not while the orchestrator says that one is %s", async (_what, node) => {
    const { edges, cluster } = await someEdges(1);
    cluster.seen = { ...cluster.seen, nodes: [aNode(node)] };
    cluster.print("orchestrator", "ready node_name=edge1");
    expect(await edges.areReady().look()).toEqual({ met: false, seen: "edge1 not ready" });
  });

  it("by being connected, where a system does not tell about data planes", async () => {
    const { edges, cluster } = await someEdges(1);
    cluster.seen = { ...cluster.seen, nodes: [aNode({ ready: undefined })] };
    cluster.print("orchestrator", "ready node_name=edge1");
    expect((await edges.areReady().look()).met).toBe(true);
  });
});

describe("what the orchestrator believes of the edges", () => {
  it("is so if it is so of each", async () => {
    const { edges, cluster } = await someEdges(2);
    cluster.seen = { ...cluster.seen, nodes: [aNode(), aNode({ name: "edge2", connection: "lost" })] };
    expect(await edges.areBelieved("connected").look()).toEqual({
      met: false,
      seen: "edge1 connected, edge2 lost",
    });
    expect((await edges.first(1).areBelieved("connected").look()).met).toBe(true);
    expect((await edges.rest(1).areBelieved("lost").look()).met).toBe(true);
  });

  it("is of the newest node of that name", async () => {
    const { edges, cluster } = await someEdges(1);
    const [old, young] = [aNode({ id: "n-old", connection: "disconnected" }), aNode({ id: "n-young" })];
    cluster.seen = { ...cluster.seen, nodes: [old, young] };
    expect((await edges.areBelieved("connected").look()).met).toBe(true);
  });

  it("is nothing where it knows no such node", async () => {
    const { edges } = await someEdges(1);
    expect(await edges.areBelieved("connected").look()).toEqual({ met: false, seen: "edge1 unknown" });
  });
});

async function someEdges(count: number, happenings: Happenings = {}, signal?: AbortSignal) {
  const cluster = aCluster(happenings);
  const state = await aRunState(cluster, { edges: count, ...(signal && { signal }) });
  const names = Array.from({ length: count }, (_, index) => `edge${index + 1}`);
  return {
    cluster,
    edges: createEdges(state, names),
    record: () => state.timeline.entries(),
  };
}
