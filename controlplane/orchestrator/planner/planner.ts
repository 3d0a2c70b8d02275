import type { Plan } from "../../model/plan.ts";
import type { Random } from "../../ports/random.ts";
import type { Planner, Store, StoreWriter } from "../contracts.ts";

/**
 * Applies a plan in one transaction against the newest state. A plan from a stale snapshot is refused, so
 * that two looks at one job can never place twice (spec 1-system, part 5).
 */
export function createPlanner(parts: { readonly store: Store; readonly random: Random }): Planner {
  const { store, random } = parts;
  return {
    apply: (plan) => {
      if (store.lastSeqConcerning(plan.jobId) > plan.basedOnSeq) return "stale";
      store.change((writer) => write(plan, writer));
      return "applied";
    },
  };

  function write(plan: Plan, writer: StoreWriter): void {
    for (const { executionId, why } of plan.stop) {
      writer.setExecution(executionId, { desired: { state: "stopped", message: why }, by: "plan" });
    }
    for (const { executionId, why } of plan.cancel) {
      writer.setExecution(executionId, {
        desired: { state: "stopped", message: why },
        observed: { state: "cancelled", message: why },
        by: "plan",
      });
    }
    for (const executionId of plan.redispatch) {
      const execution = writer.execution(executionId);
      if (execution === undefined) continue;
      const { jobId, nodeId } = execution;
      writer.logEvent({ kind: "execution-redispatch", executionId, jobId, nodeId });
    }
    for (const { executionId, why } of plan.fail) {
      writer.setExecution(executionId, {
        desired: { state: "stopped", message: why },
        observed: { state: "failed", message: why },
        by: "plan",
      });
    }
    const version = writer.job(plan.jobId)?.version ?? 0;
    for (const { nodeId, replaces, attempt } of plan.place) {
      const id = `e-${random.uuid()}`;
      writer.addExecution({
        id,
        evalId: plan.evaluationId,
        jobId: plan.jobId,
        jobVersion: version,
        nodeId,
        attempt,
        previousExecutionId: replaces,
        message: "placed by the scheduler",
      });
      if (replaces !== undefined) writer.linkNext(replaces, id);
    }
    const state = writer.job(plan.jobId)?.state;
    if (state?.type !== plan.state.type || state.message !== plan.state.message) {
      writer.setJob(plan.jobId, { state: plan.state });
    }
  }
}
