import type { ClusterSeen, ExecutionSeen, JobSeen, NodeSeen } from "../vocabulary.ts";

export function aNode(at: Partial<NodeSeen> = {}): NodeSeen {
  return { id: "n-edge1", name: "edge1", connection: "connected", ready: true, ...at };
}

export function anExecution(at: Partial<ExecutionSeen> = {}): ExecutionSeen {
  return {
    id: "e-1",
    jobId: "j-new",
    jobVersion: 1,
    nodeId: "n-edge1",
    desired: "running",
    observed: "pending",
    ...at,
  };
}

export function aJob(at: Partial<JobSeen> = {}): JobSeen {
  return { id: "j-new", name: "new-test-job", version: 1, state: "deploying", message: "", ...at };
}

export function aView(at: Partial<ClusterSeen> = {}): ClusterSeen {
  return { nodes: [], jobs: [], executions: [], ...at };
}
