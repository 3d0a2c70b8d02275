/** A request to look at one job again. */
export interface Evaluation {
  /** A bare UUID. */
  readonly id: string;
  readonly jobId: string;
  readonly trigger: EvaluationTrigger;
  readonly status: EvaluationStatus;
  /** What it waits for while `blocked`. */
  readonly blockedOn?: BlockedOn | undefined;
  /** Not to be looked at before. */
  readonly waitUntilMs?: number | undefined;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export type EvaluationTrigger =
  | "job-create"
  | "job-update"
  | "job-stop"
  | "job-rerun"
  | "node-join"
  | "node-leave"
  | "exec-update"
  /** A failed execution's back-off is over. */
  | "restart";

export type EvaluationStatus = "pending" | "blocked" | "complete" | "failed" | "canceled";

export type BlockedOn =
  /** No node matches: wakes as soon as a matching one shakes hands. */
  | { readonly kind: "matching-node" }
  /** Every one of these nodes is avoided: wakes when one of them becomes free. */
  | { readonly kind: "nodes"; readonly nodeIds: readonly string[] };
