import { describe, expect, it } from "vitest";
import type { ObservedState } from "../../model/execution.ts";
import type { Plan, Snapshot } from "../../model/plan.ts";
import { aJob, aNode, anExecution, aSelector, aSnapshot } from "../../test-kit/model-builders.ts";
import { reconcile } from "./reconcile.ts";

const NEVER = aJob({ spec: { restart_policy: "never" } });
const ON_SSD = aJob({ spec: { selector: aSelector({ match_labels: { disk: "ssd" } }) } });

const look = (snapshot: Partial<Snapshot>): Plan => reconcile(aSnapshot(snapshot), () => []);

/** One execution of the current version per node, `e1` on `n1` and so on, each in the state that is given. */
function rolledOut(...states: readonly (ObservedState | "none")[]): Pick<Snapshot, "nodes" | "executions"> {
  return {
    nodes: states.map((_, index) => aNode(`n${index + 1}`)),
    executions: states.flatMap((observed, index) =>
      observed === "none" ? [] : [anExecution({ id: `e${index + 1}`, nodeId: `n${index + 1}`, observed })],
    ),
  };
}

describe("the job's state", () => {
  it.each<[string, Partial<Snapshot>, Plan["state"]]>([
    ["queued: no node at all", { nodes: [] }, { type: "queued", message: "waiting for matching nodes" }],
    ["queued: no node matches", { job: ON_SSD }, { type: "queued", message: "waiting for matching nodes" }],
    [
      "queued: the only matching node is lost",
      { nodes: [aNode("n1", { connection: "lost" })] },
      { type: "queued", message: "waiting for matching nodes" },
    ],
    [
      "queued: every matching node is avoided; the rule is named",
      { pendingElsewhere: new Map([["n1", "j9"]]) },
      {
        type: "queued",
        message:
          "all 1 matching nodes are avoided: an execution of job j9 is pending there (rule avoid: any-job)",
      },
    ],
    [
      "deploying: just placed",
      rolledOut("none", "none"),
      { type: "deploying", message: "2 of 2 nodes do not run it yet" },
    ],
    [
      "deploying: one is pending",
      rolledOut("running", "pending"),
      { type: "deploying", message: "1 of 2 nodes do not run it yet" },
    ],
    [
      "deploying: one waits for its back-off",
      rolledOut("running", "failed"),
      { type: "deploying", message: "1 of 2 nodes do not run it yet" },
    ],
    [
      "deploying: an older version has yet to stop",
      { ...rolledOut("running", "running"), job: aJob({ version: 2 }) },
      { type: "deploying", message: "waiting for an earlier execution to stop on 2 nodes" },
    ],
    [
      "deploying: it runs somewhere, and the other node is avoided",
      { ...rolledOut("running", "none"), pendingElsewhere: new Map([["n2", "j9"]]) },
      {
        type: "deploying",
        message: "1 nodes are avoided: an execution of job j9 is pending there (rule avoid: any-job)",
      },
    ],
    ["running: everywhere", rolledOut("running", "running"), { type: "running", message: "runs on 2 nodes" }],
    [
      "running: some have completed, the rest run",
      rolledOut("running", "completed"),
      { type: "running", message: "runs on 1 nodes" },
    ],
    [
      "degraded: one failed and is not replaced",
      { ...rolledOut("running", "failed"), job: NEVER },
      { type: "degraded", message: "1 failed and are not replaced" },
    ],
    [
      "degraded: one was lost with its node",
      { ...rolledOut("running", "running"), nodes: [aNode("n1"), aNode("n2", { connection: "lost" })] },
      { type: "degraded", message: "1 failed and are not replaced" },
    ],
    [
      "completed: all have",
      rolledOut("completed", "completed"),
      { type: "completed", message: "every execution has completed" },
    ],
    [
      "completed: it stays so when the nodes are gone",
      { ...rolledOut("completed"), nodes: [] },
      { type: "completed", message: "every execution has completed" },
    ],
    [
      "failed: nothing is left to run",
      { ...rolledOut("completed", "failed"), job: NEVER },
      { type: "failed", message: "1 failed, nothing is left to run" },
    ],
    [
      "stopped: by request, whatever still runs",
      { ...rolledOut("running", "pending"), job: aJob({ wanted: false }) },
      { type: "stopped", message: "stopped by request" },
    ],
  ])("%s", (_, snapshot, state) => {
    expect(look(snapshot).state).toEqual(state);
  });

  it("does not count as running what is being stopped, or is stopped by this plan", () => {
    const queued = { type: "queued", message: "waiting for matching nodes" };
    for (const desired of ["running", "stopped"] as const) {
      const plan = look({ job: ON_SSD, executions: [anExecution({ desired, observed: "running" })] });
      expect(plan.state).toEqual(queued);
    }
  });

  it("waits for an execution to stop whose node matches again", () => {
    const plan = look({ executions: [anExecution({ desired: "stopped", observed: "running" })] });
    expect(plan.state).toEqual({
      type: "deploying",
      message: "waiting for an earlier execution to stop on 1 nodes",
    });
    expect([plan.place, plan.unscheduledCount, plan.blockedOn]).toEqual([
      [],
      1,
      { kind: "nodes", nodeIds: ["n1"] },
    ]);
  });
});

describe("unscheduled_count", () => {
  it.each<[string, Partial<Snapshot>, number]>([
    ["0 when every matching node runs it or has completed it", rolledOut("running", "completed"), 0],
    ["one for each node without an execution", rolledOut("running", "none", "none"), 2],
    ["one for each pending execution", rolledOut("pending", "running"), 1],
    ["one for each failed execution", { ...rolledOut("failed", "running"), job: NEVER }, 1],
    [
      "one for each avoided node",
      { ...rolledOut("running", "none"), pendingElsewhere: new Map([["n2", "j9"]]) },
      1,
    ],
    ["one for each node with an older version", { ...rolledOut("running"), job: aJob({ version: 2 }) }, 1],
    ["none for nodes that do not match", { ...rolledOut("none"), job: ON_SSD }, 0],
    ["none for a job that was stopped", { ...rolledOut("running"), job: aJob({ wanted: false }) }, 0],
  ])("%s", (_, snapshot, count) => {
    expect(look(snapshot).unscheduledCount).toBe(count);
  });
});

describe("is_wave_conclusive", () => {
  it.each<[string, Partial<Snapshot>, boolean]>([
    ["true when all run", rolledOut("running", "running"), true],
    ["true when all run or have ended", rolledOut("running", "completed", "failed"), true],
    ["true when this plan ends the last pending one", { ...rolledOut("pending"), nodes: [] }, true],
    ["false while one is pending", rolledOut("running", "pending"), false],
    ["false when one has just been placed", rolledOut("running", "none"), false],
    ["false when nothing of this version was placed yet", { nodes: [] }, false],
  ])("%s", (_, snapshot, conclusive) => {
    expect(look(snapshot).isWaveConclusive).toBe(conclusive);
  });
});

describe("what the next look waits for", () => {
  it.each<[string, Partial<Snapshot>, Plan["blockedOn"]]>([
    ["a matching node, if none matches", { job: ON_SSD }, { kind: "matching-node" }],
    [
      "a matching node, if the only one is lost",
      { nodes: [aNode("n1", { connection: "lost" })] },
      { kind: "matching-node" },
    ],
    [
      "the nodes that are avoided",
      {
        nodes: [aNode("n1"), aNode("n2"), aNode("n3")],
        pendingElsewhere: new Map([
          ["n1", "j9"],
          ["n3", "j8"],
        ]),
      },
      { kind: "nodes", nodeIds: ["n1", "n3"] },
    ],
    ["nothing, when all is placed", rolledOut("none", "running"), undefined],
    ["nothing, when the job was stopped", { job: aJob({ wanted: false }), nodes: [] }, undefined],
  ])("%s", (_, snapshot, blockedOn) => {
    expect(look(snapshot).blockedOn).toEqual(blockedOn);
  });
});
