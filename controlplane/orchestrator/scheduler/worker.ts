import type { Evaluation } from "../../model/evaluation.ts";
import type { Plan, Snapshot } from "../../model/plan.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { Planner, Recovery, StoreReader } from "../contracts.ts";
import { executionFields, jobFields, nodeFields } from "../log-fields.ts";
import type { AvoidRule } from "../../model/plan.ts";
import { reconcile } from "./reconcile.ts";

/** What became of one evaluation. */
export type Outcome =
  | { readonly kind: "complete"; readonly plan: Plan }
  /** The plan was made from a stale snapshot: look again. */
  | { readonly kind: "stale" }
  /** The job is gone. */
  | { readonly kind: "void" };

/** Takes one evaluation from snapshot to applied plan, and tells in the log what was decided. */
export function createWorker(
  parts: {
    readonly clock: Clock;
    readonly store: StoreReader;
    readonly planner: Planner;
    readonly recovery: Recovery;
    readonly log: Log;
  },
  settings: { readonly avoid: AvoidRule },
): (evaluation: Evaluation) => Outcome {
  const { clock, store, planner, recovery, log } = parts;

  return (evaluation) => {
    const snapshot = takeSnapshot(evaluation);
    if (snapshot === undefined) return { kind: "void" };
    const plan = reconcile(snapshot, (taken) => recovery.redispatch(taken));
    tell(plan, snapshot);
    if (planner.apply(plan) === "stale") {
      log.info("PLANNER: Plan refused, its snapshot is stale", { eval_id: evaluation.id });
      return { kind: "stale" };
    }
    return { kind: "complete", plan };
  };

  function takeSnapshot(evaluation: Evaluation): Snapshot | undefined {
    const job = store.job(evaluation.jobId);
    if (job === undefined) return undefined;
    return {
      seq: store.lastSeq(),
      nowMs: clock.nowMs(),
      evaluation,
      job,
      nodes: store.nodes(),
      executions: store.executions({ jobId: job.id }),
      pendingElsewhere: store.pendingElsewhere(job.id),
      avoid: settings.avoid,
    };
  }

  function tell(plan: Plan, { job, evaluation, avoid }: Snapshot): void {
    const about = { ...jobFields(store, job.id), eval_id: evaluation.id, trigger: evaluation.trigger };
    log.info(
      `RECONCILER: Checking rollout completion unscheduled_count=${plan.unscheduledCount} ` +
        `is_wave_conclusive=${plan.isWaveConclusive}`,
      {
        ...about,
        state: plan.state.type,
        place: plan.place.length,
        stop: plan.stop.length + plan.cancel.length,
      },
    );
    for (const { nodeId, because } of plan.avoided) {
      log.info(`RECONCILER: nodesToAvoid ${nodeId} skipping`, {
        ...nodeFields(store, nodeId),
        ...about,
        avoid,
        because,
      });
    }
    for (const id of plan.stuck) {
      const execution = store.execution(id);
      if (execution === undefined) continue;
      log.warn("RECONCILER: STUCK EXECUTIONS DETECTED - dispatch may have failed", {
        ...executionFields(store, execution),
        ...about,
        root_cause: "controlplane/orchestrator/dispatcher/dispatcher.ts never sends an event twice",
        dispatch_code: "controlplane/orchestrator/transport/transport.ts publishAsync",
      });
    }
  }
}
