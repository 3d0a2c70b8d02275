import type { EvaluationTrigger } from "./evaluation.ts";
import type { DesiredState, ObservedState } from "./execution.ts";
import type { JobState } from "./job.ts";
import type { NodeConnection } from "./node.ts";

/** One numbered record in the orchestrator's log, written in the transaction of the change it tells of. */
export type LoggedEvent = { readonly seq: number; readonly atMs: number } & DomainEvent;

export type DomainEvent =
  | { readonly kind: "node-registered"; readonly nodeId: string }
  /** A handshake: on the first one, on a return, and on a repeat while still connected. */
  | { readonly kind: "node-joined"; readonly nodeId: string; readonly from: NodeConnection | undefined }
  /** Still tolerated by the scheduler; not a `node-leave`. */
  | { readonly kind: "node-disconnected"; readonly nodeId: string }
  /** Lost or deleted: its executions will not come back. */
  | { readonly kind: "node-left"; readonly nodeId: string; readonly to: "lost" | "deleted" }
  | { readonly kind: "job-deployed"; readonly jobId: string; readonly version: number }
  | { readonly kind: "job-stopped"; readonly jobId: string }
  | { readonly kind: "job-deleted"; readonly jobId: string }
  | { readonly kind: "job-state"; readonly jobId: string; readonly to: JobState }
  | (ExecutionEvent & { readonly kind: "execution-created" })
  | (ExecutionEvent & { readonly kind: "execution-desired"; readonly to: DesiredState })
  | (ExecutionEvent & {
      readonly kind: "execution-observed";
      readonly to: ObservedState;
      /** Who says so: the edge in a report, or the scheduler in a plan. */
      readonly by: "edge" | "plan";
    })
  /** A recovery strategy wants the execution dispatched once more. */
  | (ExecutionEvent & {
      readonly kind: "execution-redispatch";
      /** What the edge was found to need; undefined: whatever the execution's state asks for. */
      readonly command?: "run" | "stop" | undefined;
    })
  | {
      readonly kind: "evaluation-pending";
      readonly evaluationId: string;
      readonly jobId: string;
      readonly trigger: EvaluationTrigger;
    }
  | { readonly kind: "evaluation-ended"; readonly evaluationId: string; readonly jobId: string };

interface ExecutionEvent {
  readonly executionId: string;
  readonly jobId: string;
  readonly nodeId: string;
}
