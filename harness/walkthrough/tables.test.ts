import { describe, expect, it } from "vitest";
import type { ClusterSeen, ExecutionSeen, NodeSeen } from "../vocabulary.ts";
import { clusterTables } from "./tables.ts";

const NODE_ID = "80246ca6-09e7-43ea-9bb8-5e4ace252cf4";
const EXECUTION_ID = "e-4e24d108-09e7-43ea-9bb8-5e4ace252cf4";

describe("what the orchestrator believes", () => {
  it("is told in three tables, with what is stuck marked", () => {
    expect(clusterTables(aCluster(), { width: 80, whole: false })).toEqual([
      "  NODE   CONNECTION  CAN BE SENT TO  ID",
      "  edge1  connected   yes             80246ca6-0",
      "",
      "  JOB           VERSION  STATE      MESSAGE",
      "  new-test-job  1        deploying  1 of 1 nodes do not run it yet",
      "",
      "  EXECUTION OF  ON     DESIRED  OBSERVED     ID",
      "  new-test-job  edge1  running  pending <--  e-4e24d108",
    ]);
  });

  it("has its ids in full where it is inspected and there is room", () => {
    expect(clusterTables(aCluster(), { width: 100, whole: true }).join("\n")).toContain(EXECUTION_ID);
  });

  it.each([40, 60, 80])("fits into %i columns", (width) => {
    for (const line of clusterTables(aCluster(), { width, whole: true }))
      expect(line.length).toBeLessThanOrEqual(width);
  });

  it("says what it leaves out of many, unless it is inspected", () => {
    const nodes = Array.from({ length: 11 }, (_, index) => aNode({ id: `n${index}`, name: `edge${index}` }));
    const short = clusterTables({ ...aCluster(), nodes }, { width: 80, whole: false });
    expect(short).toContain("  … and 3 more");
    expect(clusterTables({ ...aCluster(), nodes }, { width: 80, whole: true }).length).toBeGreaterThan(
      short.length,
    );
  });

  it("says that there are no jobs, and that a node is not known to be ready", () => {
    const seen = { nodes: [aNode({ ready: undefined })], jobs: [], executions: [] };
    expect(clusterTables(seen, { width: 80, whole: false })).toEqual([
      "  NODE   CONNECTION  CAN BE SENT TO  ID",
      "  edge1  connected   ?               80246ca6-0",
      "",
      "  no jobs",
    ]);
  });
});

function aCluster(): ClusterSeen {
  const message = "1 of 1 nodes do not run it yet";
  return {
    nodes: [aNode({})],
    jobs: [{ id: "j-new", name: "new-test-job", version: 1, state: "deploying", message }],
    executions: [anExecution()],
  };
}

function aNode(at: Partial<NodeSeen>): NodeSeen {
  return { id: NODE_ID, name: "edge1", connection: "connected", ready: true, ...at };
}

function anExecution(): ExecutionSeen {
  const ids = { id: EXECUTION_ID, jobId: "j-new", jobVersion: 1, nodeId: NODE_ID };
  return { ...ids, desired: "running", observed: "pending" };
}
