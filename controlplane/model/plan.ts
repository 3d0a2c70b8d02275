import type { BlockedOn, Evaluation } from "./evaluation.ts";
import type { Execution } from "./execution.ts";
import type { Job, JobState } from "./job.ts";
import type { EdgeNode } from "./node.ts";

/** Everything one look at one job depends on. Time comes in with it; ids are given out by the planner. */
export interface Snapshot {
  /** The newest event when the snapshot was taken: a plan is refused if its job changed since. */
  readonly seq: number;
  readonly nowMs: number;
  readonly evaluation: Evaluation;
  readonly job: Job;
  /** All nodes, in order of id. */
  readonly nodes: readonly EdgeNode[];
  /** All executions of the job, every version, oldest first. */
  readonly executions: readonly Execution[];
  /** Nodes on which an execution of another job is pending, and one such job's id. */
  readonly pendingElsewhere: ReadonlyMap<string, string>;
  /**
   * Which executions keep a node from being used (spec 1-system, scheduler): those of the same job only, or
   * also pending ones of any other job.
   */
  readonly avoid: AvoidRule;
}

export type AvoidRule = "any-job" | "same-job";

/** What one look at a job decided. The order of the fields is the order in which it was decided. */
export interface Plan {
  readonly evaluationId: string;
  readonly jobId: string;
  /** The snapshot's `seq`. */
  readonly basedOnSeq: number;
  /** Running and no longer wanted: the edge is told to stop them. */
  readonly stop: readonly Change[];
  /** Pending and no longer wanted: ended here, and the edge is told in case the request is still on its way. */
  readonly cancel: readonly Change[];
  /** To be sent to their nodes once more; empty but for a recovery strategy. */
  readonly redispatch: readonly string[];
  /** On nodes that will not come back. */
  readonly fail: readonly Change[];
  readonly place: readonly Placement[];
  /** Pending, wanted running, on a connected node, seen on a `node-join` evaluation. */
  readonly stuck: readonly string[];
  /** Matching nodes that got nothing, with the reason. */
  readonly avoided: readonly { readonly nodeId: string; readonly because: string }[];
  readonly state: { readonly type: JobState; readonly message: string };
  /** Matching nodes on which the newest version neither runs nor has completed. */
  readonly unscheduledCount: number;
  /** Every execution of the newest version is running or terminal. */
  readonly isWaveConclusive: boolean;
  /** What has to happen before another look can help. */
  readonly blockedOn?: BlockedOn | undefined;
  /** When a failed execution's back-off ends and its replacement may be placed. */
  readonly lookAgainAtMs?: number | undefined;
}

export interface Change {
  readonly executionId: string;
  readonly why: string;
}

export interface Placement {
  readonly nodeId: string;
  /** The failed execution that this one replaces. */
  readonly replaces?: string | undefined;
  readonly attempt: number;
}
