import type { Evaluation } from "../model/evaluation.ts";
import type { DesiredState, Execution, ObservedState } from "../model/execution.ts";
import type { Job, JobSpec, Selector } from "../model/job.ts";
import type { EdgeNode } from "../model/node.ts";
import type { Snapshot } from "../model/plan.ts";
import { START_MS } from "./manual-clock.ts";

/** Builders of the model's objects: each is ordinary in all that the test does not say. */

/** A pipeline that every edge can run, and that has no end. */
export const ENDLESS_PIPELINE = {
  input: { generate: { interval: "10s", mapping: 'root = "beat"' } },
  output: { drop: {} },
};

export function aSelector(selector: Partial<Selector> = {}): Selector {
  return { match_ids: [], match_labels: {}, match_expressions: [], ...selector };
}

export function aJobSpec(spec: Partial<JobSpec> = {}): JobSpec {
  return {
    name: "job-one",
    type: "pipeline",
    labels: {},
    meta: {},
    priority: 50,
    restart_policy: "on-failure",
    selector: aSelector(),
    config: ENDLESS_PIPELINE,
    ...spec,
  };
}

/** `j1`, first version, wanted. */
export function aJob({ spec, ...job }: Partial<Omit<Job, "spec">> & { spec?: Partial<JobSpec> } = {}): Job {
  return {
    id: "j1",
    spec: aJobSpec(spec),
    version: 1,
    wanted: true,
    state: { type: "pending", message: "" },
    ...TIMES,
    ...job,
  };
}

/** Connected, without labels, named like its id. */
export function aNode(id: string, node: Partial<EdgeNode> = {}): EdgeNode {
  return {
    id,
    name: id,
    hostname: `${id}.local`,
    os: "linux",
    arch: "x64",
    agentVersion: "0.1.0",
    labels: {},
    connection: "connected",
    message: "",
    ...TIMES,
    // One that is away was there before, unless a test says otherwise.
    ...(node.connection === "disconnected" && { disconnectedSinceMs: TIMES.createdAtMs }),
    ...node,
  };
}

/** `e1` of `j1` version 1 on `n1`: wanted running, not reported yet. */
export function anExecution({
  desired = "running",
  observed = "pending",
  ...execution
}: Partial<Omit<Execution, "desired" | "observed">> & {
  desired?: DesiredState;
  observed?: ObservedState;
} = {}): Execution {
  return {
    id: "e1",
    evalId: "v0",
    jobId: "j1",
    jobVersion: 1,
    nodeId: "n1",
    desired: { state: desired, message: "" },
    observed: { state: observed, message: "" },
    attempt: 0,
    ...TIMES,
    ...execution,
  };
}

/** A pending `job-update` of `j1`. */
export function anEvaluation(evaluation: Partial<Evaluation> = {}): Evaluation {
  const { revision: _, ...times } = TIMES;
  return { id: "v1", jobId: "j1", trigger: "job-update", status: "pending", ...times, ...evaluation };
}

/** One connected node `n1`, the job `j1`, nothing placed yet. */
export function aSnapshot(snapshot: Partial<Snapshot> = {}): Snapshot {
  return {
    seq: 7,
    nowMs: START_MS,
    evaluation: anEvaluation(),
    job: aJob(),
    nodes: [aNode("n1")],
    executions: [],
    pendingElsewhere: new Map(),
    avoid: "any-job",
    ...snapshot,
  };
}

const TIMES = { createdAtMs: START_MS, updatedAtMs: START_MS, revision: 1 } as const;
