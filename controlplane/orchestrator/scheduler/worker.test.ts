import { describe, expect, it } from "vitest";
import type { Evaluation } from "../../model/evaluation.ts";
import type { AvoidRule, Plan } from "../../model/plan.ts";
import { aStore, addExecution, deployJob, putNode } from "../../test-kit/a-store.ts";
import { anEvaluation } from "../../test-kit/model-builders.ts";
import type { Planner, Recovery } from "../contracts.ts";
import { noRecovery } from "../recovery/none.ts";
import { createWorker } from "./worker.ts";

/** A worker on a real store, whose planner keeps the plans instead of applying them. */
function aWorker({
  avoid = "any-job",
  recovery = noRecovery,
  isStale = false,
}: { avoid?: AvoidRule; recovery?: Recovery; isStale?: boolean } = {}) {
  const { store, clock, log } = aStore();
  const plans: Plan[] = [];
  const planner: Planner = { apply: (plan) => (plans.push(plan), isStale ? "stale" : "applied") };
  const work = createWorker({ clock, store, planner, recovery, log }, { avoid });
  const look = (evaluation: Partial<Evaluation> = {}) => work(anEvaluation(evaluation));
  return { store, log, plans, look };
}

it("takes an evaluation to an applied plan", () => {
  const { store, plans, look } = aWorker();
  putNode(store, "n1");
  deployJob(store, "j1");
  const outcome = look();
  expect(outcome).toEqual({ kind: "complete", plan: plans[0] });
  expect(plans[0]).toMatchObject({
    jobId: "j1",
    basedOnSeq: store.lastSeq(),
    place: [{ nodeId: "n1", attempt: 0 }],
  });
});

it("has nothing to do for a job that is gone", () => {
  const { look, plans } = aWorker();
  expect(look({ jobId: "j-gone" })).toEqual({ kind: "void" });
  expect(plans).toEqual([]);
});

it("says that its plan was refused", () => {
  const { store, log, look } = aWorker({ isStale: true });
  deployJob(store, "j1");
  expect(look()).toEqual({ kind: "stale" });
  expect(log.told("PLANNER")).toEqual(["info PLANNER: Plan refused, its snapshot is stale"]);
});

it("sees what is pending elsewhere, and only that, under the rule that is set", () => {
  const placed = (["any-job", "same-job"] as const).map((avoid) => {
    const { store, plans, look } = aWorker({ avoid });
    putNode(store, "n1");
    deployJob(store, "j1");
    deployJob(store, "j2");
    addExecution(store, { jobId: "j2" });
    look();
    return plans[0]?.place.length;
  });
  expect(placed).toEqual([0, 1]);
});

it("asks the recovery strategy", () => {
  const { store, plans, look } = aWorker({
    recovery: { ...noRecovery, redispatch: ({ executions }) => executions.map(({ id }) => id) },
  });
  putNode(store, "n1");
  deployJob(store, "j1");
  addExecution(store);
  look();
  expect(plans[0]?.redispatch).toEqual(["e1"]);
});

describe("the log", () => {
  it("tells how far the roll-out is, in the words that the seeds grep for", () => {
    const { store, log, look } = aWorker();
    putNode(store, "n1");
    deployJob(store, "j1");
    look({ id: "v9", trigger: "node-join" });
    expect(log.lines).toEqual([
      {
        level: "info",
        message: "RECONCILER: Checking rollout completion unscheduled_count=1 is_wave_conclusive=false",
        fields: {
          job: "j1-name",
          job_id: "j1",
          eval_id: "v9",
          trigger: "node-join",
          state: "deploying",
          place: 1,
          stop: 0,
        },
      },
    ]);
  });

  it("tells which nodes are avoided, why, and under which rule", () => {
    const { store, log, look } = aWorker();
    putNode(store, "n1", { name: "edge1" });
    deployJob(store, "j1");
    deployJob(store, "j2");
    addExecution(store, { jobId: "j2" });
    look();
    expect(log.lines.slice(1)).toEqual([
      {
        level: "info",
        message: "RECONCILER: nodesToAvoid n1 skipping",
        fields: {
          node_id: "n1",
          node_name: "edge1",
          job: "j1-name",
          job_id: "j1",
          eval_id: "v1",
          trigger: "job-update",
          avoid: "any-job",
          because: "an execution of job j2 is pending there",
        },
      },
    ]);
  });

  it("tells which executions are stuck, and where to look", () => {
    const { store, log, look } = aWorker();
    putNode(store, "n1", { name: "edge1" });
    deployJob(store, "j1");
    addExecution(store);
    look({ trigger: "node-join" });
    expect(log.lines.slice(1)).toEqual([
      {
        level: "warn",
        message: "RECONCILER: STUCK EXECUTIONS DETECTED - dispatch may have failed",
        fields: {
          execution_id: "e1",
          node_id: "n1",
          node_name: "edge1",
          job: "j1-name",
          job_id: "j1",
          eval_id: "v1",
          trigger: "node-join",
          root_cause: "controlplane/orchestrator/dispatcher/dispatcher.ts never sends an event twice",
          dispatch_code: "controlplane/orchestrator/transport/transport.ts publishAsync",
        },
      },
    ]);
  });
});
