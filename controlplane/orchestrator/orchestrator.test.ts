import { describe, expect, it } from "vitest";
import { subjectTo } from "../protocol/subjects.ts";
import { aCluster, aNodeId, CLUSTER_SETTINGS, type Cluster } from "../test-kit/a-cluster.ts";
import { aJobSpec } from "../test-kit/model-builders.ts";

const { reevaluationBatchMs, disconnectTimeoutMs, housekeepingMs, dataPlaneSetupMs } = CLUSTER_SETTINGS;

/** An orchestrator and one edge, `edge1`, connected and ready. */
async function withEdge(): Promise<{ cluster: Cluster; edge: ReturnType<Cluster["edge"]> }> {
  const cluster = aCluster();
  cluster.startOrchestrator();
  const edge = cluster.edge(aNodeId(1), "edge1");
  await edge.start();
  await cluster.clock.pass(reevaluationBatchMs + dataPlaneSetupMs);
  return { cluster, edge };
}

const deploy = (cluster: Cluster, name = "job-one", more: object = {}) =>
  cluster.call("PUT", "/jobs", { spec: aJobSpec({ name, ...more }), force: true });

async function stateOf(cluster: Cluster, name = "job-one"): Promise<string> {
  const { body } = await cluster.call("GET", `/jobs/${name}`);
  return (body as { job: { status: { state: { state_type: string } } } }).job.status.state.state_type;
}

/** `job desired/observed` of every execution. */
async function executionsOf(cluster: Cluster): Promise<string[]> {
  const { body } = await cluster.call("GET", "/executions");
  type Item = { status: { desired_state: { state_type: string }; observed_state: { state_type: string } } };
  return (body as { items: Item[] }).items.map(
    ({ status }) => `${status.desired_state.state_type}/${status.observed_state.state_type}`,
  );
}

const names = async (edge: ReturnType<Cluster["edge"]>) =>
  (await edge.running()).map(({ job_name: name }) => name);

describe("a job", () => {
  it("deployed with everyone there runs", async () => {
    const { cluster, edge } = await withEdge();
    await deploy(cluster);
    await cluster.clock.pass(0);
    expect([await names(edge), await stateOf(cluster), await executionsOf(cluster)]).toEqual([
      ["job-one"],
      "running",
      ["running/running"],
    ]);
  });

  it("is replaced by its update", async () => {
    const { cluster, edge } = await withEdge();
    await deploy(cluster);
    await cluster.clock.pass(0);
    await deploy(cluster, "job-one", { priority: 9 });
    await cluster.clock.pass(0);
    expect([await names(edge), await stateOf(cluster), await executionsOf(cluster)]).toEqual([
      ["job-one"],
      "running",
      ["stopped/stopped", "running/running"],
    ]);
  });

  it("that is stopped runs nowhere", async () => {
    const { cluster, edge } = await withEdge();
    await deploy(cluster);
    await cluster.clock.pass(0);
    await cluster.call("POST", "/jobs/job-one/stop");
    await cluster.clock.pass(0);
    expect([await names(edge), await stateOf(cluster), await executionsOf(cluster)]).toEqual([
      [],
      "stopped",
      ["stopped/stopped"],
    ]);
  });

  it("that was stopped can be deleted", async () => {
    const { cluster } = await withEdge();
    await deploy(cluster);
    await cluster.clock.pass(0);
    await cluster.call("POST", "/jobs/job-one/stop");
    await cluster.clock.pass(0);
    expect((await cluster.call("DELETE", "/jobs/job-one")).status).toBe(200);
    await cluster.clock.pass(60_000);
    expect((await cluster.call("GET", "/jobs")).body).toEqual({ items: [] });
  });

  it("that waits for a node is deployed at its handshake: before the data plane is there, loss L3", async () => {
    const cluster = aCluster();
    cluster.startOrchestrator();
    await deploy(cluster);
    await cluster.clock.pass(0);
    expect(await stateOf(cluster)).toBe("queued");

    const edge = cluster.edge(aNodeId(1), "edge1");
    await edge.start();
    await cluster.clock.pass(reevaluationBatchMs);
    // Seed 001's timing pattern, line by line.
    expect(
      cluster.log
        .told("HANDSHAKE", "REEVALUATOR", "DISPATCH", "PUBLISH", "TRANSPORT", "RECONCILER: STUCK")
        .map((line) => line.replace(/^\w+ /, "")),
    ).toEqual([
      "HANDSHAKE: Node handshake completed",
      "REEVALUATOR: queuing for batch",
      "DISPATCH: Attempting to send message",
      "PUBLISH: Node not connected - message will be LOST",
      "PUBLISH: Node not connected - returning ErrNodeNotConnected",
      "DISPATCH: Failed to send message - EVENT WILL BE SKIPPED",
      "TRANSPORT: Data plane ready",
      "REEVALUATOR: Processing batch - START",
      "REEVALUATOR: Created evaluation for job (trigger=node-join)",
      "RECONCILER: STUCK EXECUTIONS DETECTED - dispatch may have failed",
    ]);
    expect([await names(edge), await stateOf(cluster)]).toEqual([[], "deploying"]);
  });

  it("deployed before the orchestrator notices that its node is gone is never started: loss L1", async () => {
    const { cluster, edge } = await withEdge();
    edge.kill();
    await deploy(cluster);
    await cluster.clock.pass(500);
    await edge.start();
    await cluster.clock.pass(3_600_000);
    expect([await names(edge), await stateOf(cluster), await executionsOf(cluster)]).toEqual([
      [],
      "deploying",
      ["running/pending"],
    ]);
    expect(cluster.log.told("PUBLISH: Node not connected")).toEqual([]);
  });
});

describe("a kill of the orchestrator", () => {
  it("does not change what runs, nor what it knows", async () => {
    const { cluster, edge } = await withEdge();
    await deploy(cluster);
    await cluster.clock.pass(0);
    cluster.killOrchestrator();
    await cluster.clock.pass(500);
    cluster.startOrchestrator();
    await cluster.clock.pass(10_000);
    expect([await names(edge), await stateOf(cluster), await executionsOf(cluster)]).toEqual([
      ["job-one"],
      "running",
      ["running/running"],
    ]);
  });

  it("does not lose an evaluation that was accepted with the job", async () => {
    const { cluster } = await withEdge();
    await deploy(cluster);
    cluster.killOrchestrator();
    cluster.startOrchestrator();
    await cluster.clock.pass(0);
    expect([await stateOf(cluster), await executionsOf(cluster)]).toEqual(["deploying", ["running/pending"]]);
  });

  it("loses a report that comes while it is away: loss L5", async () => {
    const { cluster } = await withEdge();
    await deploy(cluster, "job-one", {
      config: {
        input: { generate: { count: 2, interval: "5s", mapping: "root = 1" } },
        output: { drop: {} },
      },
    });
    await cluster.clock.pass(1_000);
    cluster.killOrchestrator();
    await cluster.clock.pass(10_000);
    cluster.startOrchestrator();
    await cluster.clock.pass(60_000);
    expect([await stateOf(cluster), await executionsOf(cluster)]).toEqual(["running", ["running/running"]]);
  });
});

it("an orderly stop leaves nothing that waits, and nobody who answers", async () => {
  const cluster = aCluster();
  cluster.startOrchestrator();
  await deploy(cluster);
  cluster.stopOrchestrator();
  expect(cluster.clock.waiting().tasks).toBe(0);
  const edge = cluster.edge(aNodeId(1), "edge1");
  await edge.start();
  await cluster.clock.pass(0);
  expect(edge.log.fields("EDGE: Waiting")).toEqual([
    { seen: `nobody subscribes to ${subjectTo("handshake", aNodeId(1))}` },
  ]);
});

it("nodes that fall silent are noticed by housekeeping", async () => {
  const { cluster, edge } = await withEdge();
  edge.kill();
  await cluster.clock.pass(disconnectTimeoutMs + housekeepingMs);
  expect(cluster.log.told("NODE")).toEqual(["warn NODE: leave - marked disconnected"]);
});
