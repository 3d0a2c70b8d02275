import type { BlockedOn } from "../../model/evaluation.ts";
import { isTerminal, type Execution } from "../../model/execution.ts";
import type { EdgeNode } from "../../model/node.ts";
import type { Change, Plan, Snapshot } from "../../model/plan.ts";
import type { Placing } from "./reconcile.ts";

type Summary = Pick<Plan, "state" | "unscheduledCount" | "isWaveConclusive" | "blockedOn" | "lookAgainAtMs">;

/** How far the newest version has come, and what the next look has to wait for. */
export function rollout(at: {
  readonly snapshot: Snapshot;
  readonly matching: readonly EdgeNode[];
  /** The newest version's latest execution on each node, before this plan. */
  readonly newestByNode: ReadonlyMap<string, Execution>;
  /** Executions that this plan ends. */
  readonly ended: ReadonlySet<string>;
  readonly failed: readonly Change[];
  readonly stopped: readonly Change[];
  readonly placing: Placing;
}): Summary {
  const { snapshot, matching, newestByNode, ended, placing } = at;
  const failedNow = new Set(at.failed.map((entry) => entry.executionId));
  const stoppedNow = new Set(at.stopped.map((entry) => entry.executionId));
  const newest = [...newestByNode.values()];
  const seen = (execution: Execution) => {
    if (failedNow.has(execution.id)) return "failed";
    const isUnwanted = execution.desired.state === "stopped" || stoppedNow.has(execution.id);
    // It may run for a moment yet, but nobody should count on it.
    if (ended.has(execution.id) || (isUnwanted && !isTerminal(execution))) return "stopped";
    return execution.observed.state;
  };

  const isDone = (node: EdgeNode) => {
    const here = newestByNode.get(node.id);
    return here !== undefined && (seen(here) === "running" || seen(here) === "completed");
  };
  const unscheduledCount = matching.filter((node) => !isDone(node)).length;
  const isWaveConclusive =
    placing.place.length === 0 &&
    newest.every((e) => e.observed.state === "running" || isTerminal(e) || ended.has(e.id)) &&
    newest.length > 0;

  return {
    unscheduledCount,
    isWaveConclusive,
    state: jobState(),
    blockedOn: blockedOn(),
    lookAgainAtMs: placing.lookAgainAtMs,
  };

  /** First match wins (spec 1-system, "Job state"). */
  function jobState(): Plan["state"] {
    if (!snapshot.job.wanted) return { type: "stopped", message: "stopped by request" };
    const states = newest.map(seen);
    const running = states.filter((state) => state === "running").length;
    const pending = states.filter((state) => state === "pending").length + placing.place.length;
    const waiting = placing.avoided.length;
    if (pending > 0 || placing.lookAgainAtMs !== undefined) {
      return {
        type: "deploying",
        message: `${unscheduledCount} of ${matching.length} nodes do not run it yet`,
      };
    }
    // The node is still busy with this very job, mostly an older version: its turn comes when that has stopped.
    if (placing.avoided.some((entry) => entry.by === "same-job")) {
      return { type: "deploying", message: `waiting for an earlier execution to stop on ${waiting} nodes` };
    }
    if (waiting > 0 && running === 0) {
      return { type: "queued", message: `all ${waiting} matching nodes are avoided: ${reasonToAvoid()}` };
    }
    if (waiting > 0)
      return { type: "deploying", message: `${waiting} nodes are avoided: ${reasonToAvoid()}` };
    const failures = states.filter((state) => state === "failed").length;
    if (running > 0 && failures > 0)
      return { type: "degraded", message: `${failures} failed and are not replaced` };
    if (running > 0) return { type: "running", message: `runs on ${running} nodes` };
    if (failures > 0) return { type: "failed", message: `${failures} failed, nothing is left to run` };
    if (matching.length === 0 && !states.includes("completed")) {
      return { type: "queued", message: "waiting for matching nodes" };
    }
    return { type: "completed", message: "every execution has completed" };
  }

  function reasonToAvoid(): string {
    return `${placing.avoided[0]?.because ?? ""} (rule avoid: ${snapshot.avoid})`;
  }

  function blockedOn(): BlockedOn | undefined {
    if (!snapshot.job.wanted) return undefined;
    if (placing.avoided.length > 0) {
      return { kind: "nodes", nodeIds: placing.avoided.map((entry) => entry.nodeId) };
    }
    return matching.length === 0 ? { kind: "matching-node" } : undefined;
  }
}
