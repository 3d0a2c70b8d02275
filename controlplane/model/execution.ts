/** One job version on one node. */
export interface Execution {
  /** `e-<uuid>`. */
  readonly id: string;
  /** The evaluation that created it. */
  readonly evalId: string;
  readonly jobId: string;
  readonly jobVersion: number;
  readonly nodeId: string;
  /** What the scheduler wants. */
  readonly desired: { readonly state: DesiredState; readonly message: string };
  /** What the edge reported last; the seeds call it ComputeState. */
  readonly observed: { readonly state: ObservedState; readonly message: string };
  /** How many executions of this job version failed on this node before this one: drives the back-off. */
  readonly attempt: number;
  readonly previousExecutionId?: string | undefined;
  readonly nextExecutionId?: string | undefined;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly revision: number;
}

export type DesiredState = "pending" | "running" | "stopped";
export type ObservedState = "pending" | "running" | "completed" | "failed" | "stopped" | "cancelled";

/**
 * Legal moves of the observed state (seed 002, "Execution State Transitions"; spec 1-system adds
 * pending → failed, its node was lost, and pending → completed, its first report was lost). An edge that
 * remembers a stop answers the late request with `stopped`, hence pending → stopped.
 */
const OBSERVED_MOVES: Readonly<Record<ObservedState | "new", readonly ObservedState[]>> = {
  new: ["pending"],
  pending: ["running", "completed", "failed", "stopped", "cancelled"],
  running: ["completed", "failed", "stopped"],
  completed: [],
  failed: [],
  stopped: [],
  cancelled: [],
};

/** A stop is final: an execution that is no longer wanted is never wanted again. */
const DESIRED_MOVES: Readonly<Record<DesiredState | "new", readonly DesiredState[]>> = {
  new: ["pending", "running"],
  pending: ["running", "stopped"],
  running: ["stopped"],
  stopped: [],
};

export function isLegalObservedMove(from: ObservedState | undefined, to: ObservedState): boolean {
  return OBSERVED_MOVES[from ?? "new"].includes(to);
}

export function isLegalDesiredMove(from: DesiredState | undefined, to: DesiredState): boolean {
  return DESIRED_MOVES[from ?? "new"].includes(to);
}

/** Nothing can follow: the execution is over. */
export function isTerminal(execution: Execution): boolean {
  return OBSERVED_MOVES[execution.observed.state].length === 0;
}

/** What an edge can report of an execution. */
export type ReportedState = "running" | "completed" | "failed" | "stopped";

export type ReportReading =
  /** It tells something new: apply it. */
  | "news"
  /** It repeats what is known. */
  | "repeat"
  /** The orchestrator had ended the execution by itself (cancelled it, or gave its node up for lost). */
  | "late"
  /** No honest edge can say this: refuse it and log it. */
  | "illegal";

/** Reads an edge's report against what is known of the execution. */
export function readReport(execution: Execution, reported: ReportedState): ReportReading {
  const known = execution.observed.state;
  if (known === reported) return "repeat";
  if (isLegalObservedMove(known, reported)) return "news";
  // The two ends the orchestrator gives an execution without asking its edge, who may still be running it.
  if (known === "cancelled" || known === "failed") return "late";
  // Reports of one edge arrive in order, but a repeated older one may come after the end.
  if (reported === "running") return "late";
  return "illegal";
}
