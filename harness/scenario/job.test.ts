import { describe, expect, it } from "vitest";
import { aCluster, aRunState } from "../test-kit/a-cluster.ts";
import { aJob, aNode, anExecution, aView } from "../test-kit/a-view.ts";
import type { ClusterSeen, ExecutionSeen } from "../vocabulary.ts";
import { createEdges } from "./edges.ts";
import { createDeployedJob } from "./job.ts";
import { sightOfRunning } from "./job-sights.ts";

const NODES = [aNode(), aNode({ id: "n-edge2", name: "edge2" })];

describe("a job runs on its edges", () => {
  it("when an execution runs on each and the job has left `deploying`", () => {
    expect(
      sightOn(["edge1", "edge2"], { job: { state: "running" }, executions: bothRunning() }),
    ).toMatchObject({
      met: true,
      seen: "new-test-job is `running`, 2 of 2 running",
      stuck: [],
    });
  });

  it("not while the job itself is still `deploying`", () => {
    expect(sightOn(["edge1", "edge2"], { executions: bothRunning() })).toMatchObject({
      met: false,
      seen: "new-test-job is `deploying`, 2 of 2 running",
      stuck: [],
    });
  });

  it("not while one of them is pending, which is then in the way", () => {
    const [one, two] = bothRunning();
    const pending = { ...two, observed: "pending", id: "e-29748dd6-4a2c" } as ExecutionSeen;
    expect(sightOn(["edge1", "edge2"], { executions: [one as ExecutionSeen, pending] })).toMatchObject({
      met: false,
      seen: "new-test-job is `deploying`, 1 of 2 running; e-29748dd6 pending, desired running",
      stuck: [pending],
    });
  });

  it.each([
    ["of another job", { jobId: "j-old" }],
    ["of an older version of the job", { jobVersion: 1 }],
    ["of a newer version of the job", { jobVersion: 3 }],
    ["on another node", { nodeId: "n-edge9" }],
    ["that has failed", { observed: "failed" }],
    ["that has ended", { observed: "completed" }],
  ])("not by an execution %s", (_what, other) => {
    const execution = anExecution({ jobVersion: 2, observed: "running", ...other });
    expect(
      sightOn(["edge1"], { job: { version: 2, state: "running" }, executions: [execution] }),
    ).toMatchObject({
      met: false,
      seen: "new-test-job is `running`, 0 of 1 running",
      stuck: [],
    });
  });

  it("though an earlier execution has failed there", () => {
    const failed = anExecution({ id: "e-0", observed: "failed" });
    const sight = sightOn(["edge1"], { job: { state: "running" }, executions: [failed, ...bothRunning()] });
    expect(sight.met).toBe(true);
  });

  describe("under the id that the edge has now, while its earlier one is listed as well", () => {
    const nodes = [aNode({ id: "n-old" }), aNode({ id: "n-new" })];
    const sightOf = (nodeId: string, observed: string, job: string) =>
      sightOn(
        ["edge1"],
        { nodes, job: { state: job }, executions: [anExecution({ nodeId, observed })] },
        { edge1: ["n-old", "n-new"] },
      );

    it("counts", () => {
      expect(sightOf("n-new", "running", "running").met).toBe(true);
    });

    it("does not count under the earlier one", () => {
      expect(sightOf("n-old", "running", "running").met).toBe(false);
    });

    it("sees what is left over under the earlier one in the way of a job that runs everywhere", () => {
      const ghost = anExecution({ id: "e-ghost", nodeId: "n-old" });
      const runs = anExecution({ id: "e-runs", nodeId: "n-new", observed: "running" });
      const sight = sightOn(["edge1"], { nodes, executions: [ghost, runs] }, { edge1: ["n-old", "n-new"] });
      expect(sight).toMatchObject({ met: false, idle: [], stuck: [ghost] });
    });

    it("sees what has yet to stop there in the way as well, and not what has ended", () => {
      const ghost = anExecution({ id: "e-ghost", nodeId: "n-old", observed: "running", desired: "stopped" });
      const ended = anExecution({ id: "e-ended", nodeId: "n-old", observed: "stopped", desired: "stopped" });
      const runs = anExecution({ id: "e-runs", nodeId: "n-new", observed: "running" });
      const executions = [ghost, ended, runs];
      const sight = sightOn(["edge1"], { nodes, executions }, { edge1: ["n-old", "n-new"] });
      expect(sight).toMatchObject({ met: false, idle: [], stuck: [ghost] });
    });
  });

  it("not if another job's execution is pending where it has none: that is in the way", () => {
    const other = anExecution({ id: "e-other", jobId: "j-old" });
    expect(sightOn(["edge1"], { executions: [other] })).toMatchObject({
      met: false,
      seen: "new-test-job is `deploying`, 0 of 1 running; another job's e-other pending, desired running",
      stuck: [other],
      idle: ["edge1"],
    });
  });

  it("not if there is no such job", () => {
    expect(
      sightOfRunning(aView({ nodes: NODES }), {
        id: "j-new",
        name: "new-test-job",
        edges: ["edge1"],
        identitiesOf: () => [],
      }),
    ).toMatchObject({
      met: false,
      seen: "new-test-job is not there",
    });
  });
});

describe("a deployed job", () => {
  it("is looked at when the system has worked out how far it has come, and not for other jobs", async () => {
    const { job, edges, read } = await aDeployedJob();
    const { wakesOn, what, jobId } = job.runsOn(edges);
    expect({ what, jobId }).toEqual({ what: "new-test-job runs on edge1, edge2", jobId: "j-new" });
    expect(read("orchestrator", "progress job_id=j-new").map(wakesOn)).toEqual([true]);
    expect(read("orchestrator", "progress job_id=j-old").map(wakesOn)).toEqual([false]);
    expect(read("orchestrator", "ready node_name=edge1").map(wakesOn)).toEqual([false]);
  });

  it("is dispatched once a dispatch to every edge was logged", async () => {
    const { job, edges, cluster } = await aDeployedJob();
    const condition = job.isDispatchedTo(edges);
    cluster.print("orchestrator", "dispatch job_id=j-new node_name=edge2");
    cluster.print("orchestrator", "dispatch job_id=j-old node_name=edge1");
    expect(await condition.look()).toEqual({ met: false, seen: "not dispatched to edge1" });
    cluster.print("orchestrator", "dispatch job_id=j-new node_name=edge1");
    expect(await condition.look()).toEqual({ met: true, seen: "dispatched to each" });
  });

  it("is not on its way where it was not sent; where it was, once it runs", async () => {
    const { job, edges, cluster } = await aDeployedJob();
    const condition = job.isNotOnItsWayTo(edges.only(2));
    cluster.print("orchestrator", "dispatch job_id=j-new node_name=edge1");
    expect(await condition.look()).toEqual({ met: true, seen: "it was not sent" });
    expect(condition.waits).toEqual([{ is: "planned", job: "new-test-job" }]);
    cluster.print("orchestrator", "dispatch job_id=j-new node_name=edge2");
    expect(await condition.look()).toMatchObject({ met: false });
    expect(condition.waits).toMatchObject([{ is: "running", edges: ["edge2"] }]);
  });
});

async function aDeployedJob() {
  const cluster = aCluster();
  const state = await aRunState(cluster);
  return {
    cluster,
    edges: createEdges(state, ["edge1", "edge2"]),
    job: createDeployedJob(state, { jobId: "j-new", jobName: "new-test-job" }, 0),
    read: (machine: string, text: string) => cluster.system.createLineReader()({ machine, text, atMs: 0 }),
  };
}

function sightOn(
  edges: readonly string[],
  at: { readonly job?: Parameters<typeof aJob>[0] } & Partial<Omit<ClusterSeen, "jobs">>,
  identities: Readonly<Record<string, readonly string[]>> = {},
) {
  const seen = aView({ nodes: NODES, ...at, jobs: [aJob(at.job)] });
  const identitiesOf = (edge: string) => identities[edge] ?? [];
  return sightOfRunning(seen, { id: "j-new", name: "new-test-job", edges, identitiesOf });
}

function bothRunning(): ExecutionSeen[] {
  return [
    anExecution({ id: "e-1", observed: "running" }),
    anExecution({ id: "e-2", nodeId: "n-edge2", observed: "running" }),
  ];
}
