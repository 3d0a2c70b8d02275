import { isTerminal, type Execution } from "../../model/execution.ts";
import { isSchedulable, type EdgeNode } from "../../model/node.ts";
import type { Change, Placement, Plan, Snapshot } from "../../model/plan.ts";
import { matchesSelector } from "../../model/selector.ts";
import { nodesToAvoid, type Avoidance } from "./nodes-to-avoid.ts";
import { rollout } from "./rollout.ts";
import { replacementOf } from "./restart.ts";

/**
 * One look at one job: what must be done so that every matching node runs its newest version. Pure: no
 * clock, no ids, no I/O. The order of the steps is that of spec 1-system, "Scheduler".
 *
 * `redispatch` is the recovery strategy's say in it; without one, an execution that exists counts as taken
 * care of, however long it has been pending. That is the half of the bug that lives here.
 */
export function reconcile(snapshot: Snapshot, redispatch: (snapshot: Snapshot) => readonly string[]): Plan {
  const { job, evaluation, executions, nodes } = snapshot;
  const byNode = new Map(nodes.map((node) => [node.id, node]));
  const matching = job.wanted
    ? nodes.filter((node) => isSchedulable(node) && matchesSelector(job.spec.selector, node))
    : [];
  const matchingIds = new Set(matching.map((node) => node.id));

  const live = executions.filter((execution) => !isTerminal(execution));
  const unwanted = live.filter(
    (execution) => whyUnwanted(execution, snapshot, byNode, matchingIds) !== undefined,
  );
  const change = (execution: Execution): Change => ({
    executionId: execution.id,
    why: whyUnwanted(execution, snapshot, byNode, matchingIds) ?? "",
  });

  // Told once; the edge's report ends it.
  const stop = unwanted
    .filter((execution) => execution.observed.state === "running" && execution.desired.state !== "stopped")
    .map(change);
  const cancel = unwanted.filter((execution) => execution.observed.state === "pending").map(change);
  const cancelled = new Set(cancel.map((entry) => entry.executionId));

  const fail: Change[] = live
    .filter((execution) => !cancelled.has(execution.id) && isGone(byNode.get(execution.nodeId)))
    .map((execution) => ({ executionId: execution.id, why: "its node was lost" }));
  const ended = new Set([...cancelled, ...fail.map((entry) => entry.executionId)]);

  const current = executions.filter((execution) => execution.jobVersion === job.version);
  const placing = place(snapshot, matching, current, ended);

  const stuck =
    evaluation.trigger === "node-join"
      ? current.filter((execution) => isStuck(execution, byNode) && !ended.has(execution.id))
      : [];

  const newestByNode = latestByNode(current);
  return {
    evaluationId: evaluation.id,
    jobId: job.id,
    basedOnSeq: snapshot.seq,
    stop,
    cancel,
    redispatch: redispatch(snapshot).filter((id) => !ended.has(id)),
    fail,
    place: placing.place,
    stuck: stuck.map((execution) => execution.id),
    avoided: placing.avoided.map(({ nodeId, because }) => ({ nodeId, because })),
    ...rollout({ snapshot, matching, newestByNode, ended, failed: fail, stopped: stop, placing }),
  };
}

/** What placement decided, for `rollout` to sum up. */
export interface Placing {
  readonly place: readonly Placement[];
  readonly avoided: readonly Avoidance[];
  /** Nodes whose failed execution waits for its back-off; the earliest end of one. */
  readonly lookAgainAtMs: number | undefined;
}

function place(
  snapshot: Snapshot,
  matching: readonly EdgeNode[],
  current: readonly Execution[],
  ended: ReadonlySet<string>,
): Placing {
  const avoid = nodesToAvoid(snapshot, ended);
  const newest = latestByNode(current.filter((execution) => !ended.has(execution.id)));
  const placements: Placement[] = [];
  const avoided: Avoidance[] = [];
  const backOffs: number[] = [];
  for (const node of matching) {
    const here = newest.get(node.id);
    // It has done its work here, or is at it. One that is being stopped only keeps the node busy.
    if (here?.observed.state === "completed") continue;
    if (here !== undefined && !isTerminal(here) && here.desired.state !== "stopped") continue;
    const replacement = replacementOf(here, snapshot.job.spec.restart_policy, snapshot.nowMs);
    if (replacement.kind === "never") continue;
    if (replacement.kind === "later") {
      backOffs.push(replacement.atMs);
      continue;
    }
    const avoidance = avoid.get(node.id);
    if (avoidance !== undefined) avoided.push(avoidance);
    else placements.push({ nodeId: node.id, replaces: replacement.replaces, attempt: replacement.attempt });
  }
  return {
    place: placements,
    avoided,
    lookAgainAtMs: backOffs.length === 0 ? undefined : Math.min(...backOffs),
  };
}

/** Why a live execution is no longer wanted; undefined if it is. First match wins. */
function whyUnwanted(
  execution: Execution,
  { job }: Snapshot,
  byNode: ReadonlyMap<string, EdgeNode>,
  matching: ReadonlySet<string>,
): string | undefined {
  if (!job.wanted) return "the job was stopped";
  if (execution.jobVersion !== job.version) return `outdated by version ${job.version}`;
  // A node that is gone is failed, not stopped: nobody is there to be told.
  if (isGone(byNode.get(execution.nodeId))) return undefined;
  if (!matching.has(execution.nodeId)) return "its node no longer matches the selector";
  return undefined;
}

function isGone(node: EdgeNode | undefined): boolean {
  return node === undefined || !isSchedulable(node);
}

function isStuck(execution: Execution, byNode: ReadonlyMap<string, EdgeNode>): boolean {
  return (
    execution.observed.state === "pending" &&
    execution.desired.state === "running" &&
    byNode.get(execution.nodeId)?.connection === "connected"
  );
}

/** Executions come oldest first, so the last one seen is the newest. */
function latestByNode(executions: readonly Execution[]): Map<string, Execution> {
  return new Map(executions.map((execution) => [execution.nodeId, execution]));
}
