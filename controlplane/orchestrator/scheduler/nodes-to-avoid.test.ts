import { describe, expect, it } from "vitest";
import type { ObservedState } from "../../model/execution.ts";
import { aJob, aNode, anExecution, aSnapshot } from "../../test-kit/model-builders.ts";
import { nodesToAvoid } from "./nodes-to-avoid.ts";
import { reconcile } from "./reconcile.ts";

const NONE: ReadonlySet<string> = new Set();

describe("a node with an execution of the same job", () => {
  it.each([
    ["pending", true],
    ["running", true],
    ["completed", false],
    ["failed", false],
    ["stopped", false],
    ["cancelled", false],
  ] as const satisfies readonly (readonly [ObservedState, boolean])[])(
    "that is %s is avoided: %s, under either rule",
    (observed, avoided) => {
      for (const avoid of ["any-job", "same-job"] as const) {
        const found = nodesToAvoid(aSnapshot({ avoid, executions: [anExecution({ observed })] }), NONE);
        expect([...found.values()]).toEqual(
          avoided ? [{ nodeId: "n1", by: "same-job", because: `e1 of this job is ${observed}` }] : [],
        );
      }
    },
  );

  it("that this plan ends is free", () => {
    const snapshot = aSnapshot({ executions: [anExecution()] });
    expect(nodesToAvoid(snapshot, new Set(["e1"])).size).toBe(0);
  });
});

describe("a node with a pending execution of another job", () => {
  const pendingElsewhere = new Map([["n1", "j9"]]);

  it("is avoided under any-job: the cascade of seed 002", () => {
    const plan = reconcile(aSnapshot({ avoid: "any-job", pendingElsewhere }), () => []);
    expect(plan.place).toEqual([]);
    expect(plan.avoided).toEqual([{ nodeId: "n1", because: "an execution of job j9 is pending there" }]);
    expect(plan.blockedOn).toEqual({ kind: "nodes", nodeIds: ["n1"] });
  });

  it("is used under same-job", () => {
    const plan = reconcile(aSnapshot({ avoid: "same-job", pendingElsewhere }), () => []);
    expect(plan.place).toEqual([{ nodeId: "n1", replaces: undefined, attempt: 0 }]);
    expect(plan.avoided).toEqual([]);
    expect(plan.blockedOn).toBeUndefined();
  });

  it("does not keep the other nodes from being used", () => {
    const plan = reconcile(aSnapshot({ nodes: [aNode("n1"), aNode("n2")], pendingElsewhere }), () => []);
    expect(plan.place.map((placement) => placement.nodeId)).toEqual(["n2"]);
    expect(plan.blockedOn).toEqual({ kind: "nodes", nodeIds: ["n1"] });
  });

  it("does not matter where the job runs already, has completed or does not match", () => {
    const on = (executions: Parameters<typeof aSnapshot>[0]) =>
      reconcile(aSnapshot({ pendingElsewhere, ...executions }), () => []);
    const plans = [
      on({ executions: [anExecution({ observed: "running" })] }),
      on({ executions: [anExecution({ observed: "completed" })] }),
      on({ nodes: [aNode("n1", { connection: "lost" })] }),
    ];
    expect(plans.flatMap((plan) => plan.avoided)).toEqual([]);
  });
});

it("names the same job's execution where both rules say so", () => {
  const plan = reconcile(
    aSnapshot({
      job: aJob({ version: 2 }),
      executions: [anExecution({ jobVersion: 1, observed: "running" })],
      pendingElsewhere: new Map([["n1", "j9"]]),
    }),
    () => [],
  );
  expect(plan.avoided).toEqual([{ nodeId: "n1", because: "e1 of this job is running" }]);
});
