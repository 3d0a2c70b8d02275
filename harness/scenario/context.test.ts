import { describe, expect, it } from "vitest";
import { UsageError } from "../errors.ts";
import { settled } from "../test-kit/a-clock.ts";
import { aCluster, aRunState } from "../test-kit/a-cluster.ts";
import { aNode } from "../test-kit/a-view.ts";
import { PROFILES, recoveryWindowMs } from "../timing/profile.ts";
import { all, type Condition } from "./condition.ts";
import { createScenarioContext } from "./context.ts";

const FAST = PROFILES["fast"]!.timing;

describe("a log line as a trigger", () => {
  it("is one that comes from now on", async () => {
    const { context, cluster } = await aContext();
    cluster.print("orchestrator", "beat");
    const line = context.log("beat");
    expect(await line.look()).toEqual({ met: false, seen: "none yet of beat" });
    cluster.print("orchestrator", "beat");
    expect(await line.look()).toEqual({ met: true, seen: "it was logged" });
  });

  it("is one of each edge, where edges are given", async () => {
    const { context, cluster } = await aContext();
    const line = context.log("handshake", context.edges);
    cluster.print("orchestrator", "handshake node_name=edge2");
    cluster.print("orchestrator", "ready node_name=edge1");
    expect(await line.look()).toEqual({ met: false, seen: "none yet of edge1" });
    cluster.print("orchestrator", "handshake node_name=edge1");
    expect(await line.look()).toMatchObject({ met: true });
  });

  it("that no build prints is refused, and the nearest is named", async () => {
    const { context } = await aContext();
    expect(() => context.log("handshakes")).toThrow(UsageError);
    expect(() => context.log("handshakes")).toThrow(/no log pattern "handshakes".*"handshake"/);
  });
});

it.each(["until", "premise", "claim", "always"] as const)(
  "%s is given a condition, and nothing else",
  async (verb) => {
    const { context } = await aContext();
    const give = async (what: unknown) => await context[verb](what as Condition);
    await expect(give(() => context.edges.areReady())).rejects.toThrow(
      new UsageError(`${verb}() takes a condition, like job.runsOn(edges), and was given function`),
    );
    await expect(give(Promise.resolve())).rejects.toThrow(/was given the promise of one$/);
    await expect(give(undefined)).rejects.toThrow(/was given undefined$/);
  },
);

describe("what is so at all times", () => {
  it("holds if it is so until every time-out is over", async () => {
    const { context, cluster, claims } = await aContext();
    const watched = context.always(context.edges.neverLeave());
    const { disconnectTimeout, heartbeat, housekeeping } = FAST;
    await cluster.clock.advance(disconnectTimeout + heartbeat + 2 * housekeeping - 1);
    expect(claims()).toEqual([]);
    await cluster.clock.drive(watched);
    expect(claims()).toMatchObject([{ held: true, what: "at all times edge1, edge2 never count as gone" }]);
  });

  it("is broken at once when it ceases to be, and stays so", async () => {
    const { context, cluster, claims } = await aContext();
    const watched = context.always(context.edges.neverLeave());
    await cluster.clock.advance(1_000);
    cluster.print("orchestrator", "left node_name=edge1 state=disconnected");
    await cluster.clock.drive(watched);
    expect(claims()).toMatchObject([{ held: false, seen: "was believed gone: edge1 disconnected" }]);
  });
});

describe("what was waited for is recorded, for whoever does the same by hand", () => {
  const acts = ({ entries }: Awaited<ReturnType<typeof aContext>>) =>
    entries().flatMap((entry) => (entry.kind === "step" || entry.kind === "premise" ? [entry.act] : []));

  it("with how long it might have taken", async () => {
    const at = await someConnected();
    await at.context.until(at.context.edges.areBelieved("connected"));
    const wait = { is: "believed", edges: ["edge1", "edge2"], connection: "connected" };
    const withinMs = recoveryWindowMs(FAST) + 30_000;
    expect(acts(at)).toEqual([{ do: "wait", for: [wait], withinMs }]);
  });

  it("as what has to be so at once, where it is a premise", async () => {
    const at = await someConnected();
    await at.context.premise(at.context.edges.first(1).areBelieved("connected"));
    const wait = { is: "believed", edges: ["edge1"], connection: "connected" };
    expect(acts(at)).toEqual([{ do: "wait", for: [wait], withinMs: 0 }]);
  });

  it("as what was seen of the job, where it has no name", async () => {
    const at = await someConnected();
    const nameless = { ...at.context.edges.neverLeave(), jobId: "j-1" };
    await at.context.until(all(nameless, at.context.edges.areBelieved("connected")));
    expect(acts(at)).toMatchObject([{ for: [{ is: "as-seen", jobId: "j-1" }] }]);
  });

  it("and so is the time that a cut lasts", async () => {
    const at = await aContext();
    await at.cluster.clock.drive(at.context.edges.only(1).cutFor(500));
    expect(acts(at)).toMatchObject([{ do: "cut" }, { do: "pass", ms: 500 }, { do: "heal" }]);
  });

  it("and so is for how long something had to stay so", async () => {
    const { context, cluster, claims } = await aContext();
    await cluster.clock.drive(context.always(context.edges.neverLeave()));
    const { disconnectTimeout, heartbeat, housekeeping } = FAST;
    expect(claims()).toMatchObject([{ watchedMs: disconnectTimeout + heartbeat + 2 * housekeeping }]);
  });
});

describe("edges that join", () => {
  it("are new machines with the next names, started, and known to the orchestrator", async () => {
    const { context, cluster } = await aContext();
    const two = await context.join(2);
    const third = await context.join(1);
    expect([two.names, third.names]).toEqual([["edge3", "edge4"], ["edge5"]]);
    expect(cluster.calls).toEqual(["start edge3", "start edge4", "start edge5"]);
    expect(context.edges.and(two).names).toEqual(["edge1", "edge2", "edge3", "edge4"]);
  });
});

describe("a cut for so long", () => {
  it("is healed when the time has passed, and not before", async () => {
    const { context, cluster } = await aContext();
    let isOver = false;
    const over = context.edges
      .only(1)
      .cutFor(500)
      .then(() => (isOver = true));
    await settled();
    await cluster.clock.advance(499);
    expect([cluster.calls, isOver]).toEqual([["cut edge1"], false]);
    await cluster.clock.advance(1);
    await over;
    expect(cluster.calls).toEqual(["cut edge1", "heal edge1"]);
  });
});

it("a job file that the scenario does not list is refused", async () => {
  const { context } = await aContext();
  await expect(context.deploy("other.yaml")).rejects.toThrow(/deploys other.yaml, but does not list it/);
});

async function someConnected() {
  const at = await aContext();
  const nodes = at.context.edges.names.map((name) => aNode({ id: `n-${name}`, name }));
  at.cluster.seen = { ...at.cluster.seen, nodes };
  return at;
}

async function aContext() {
  const cluster = aCluster();
  const state = await aRunState(cluster);
  const context = createScenarioContext(state, {
    edges: ["edge1", "edge2"],
    shape: { edges: 2, timing: FAST, fix: "none" },
    jobFiles: new Map(),
    windowMs: recoveryWindowMs(FAST),
    heartbeatMs: FAST.heartbeat,
    onTested: () => {},
  });
  return {
    cluster,
    context,
    entries: () => state.timeline.entries(),
    claims: () => state.timeline.entries().filter((entry) => entry.kind === "claim"),
  };
}
