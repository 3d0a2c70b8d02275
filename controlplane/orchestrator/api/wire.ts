import type { Evaluation } from "../../model/evaluation.ts";
import type { LoggedEvent } from "../../model/event.ts";
import type { Execution } from "../../model/execution.ts";
import type { Job } from "../../model/job.ts";
import type { EdgeNode } from "../../model/node.ts";
import { formatRfc3339 } from "../../pipeline/index.ts";
import type {
  WireEvaluation,
  WireExecution,
  WireHistoryEntry,
  WireJob,
  WireNode,
} from "../../protocol/http.ts";
import type { DataPlaneState } from "../contracts.ts";

/** The model's objects as the API shows them (spec 2-contract, "Objects"). */
export function wireNode(
  node: EdgeNode,
  seen: { readonly dataPlane: DataPlaneState; readonly lastHeardMs: number | undefined },
): WireNode {
  return {
    id: node.id,
    spec: {
      name: node.name,
      hostname: node.hostname,
      os: node.os,
      arch: node.arch,
      agent_version: node.agentVersion,
      labels: node.labels,
    },
    status: {
      connection_state: node.connection,
      data_plane: seen.dataPlane,
      connected_since: optionalTime(node.connectedSinceMs),
      disconnected_since: optionalTime(node.disconnectedSinceMs),
      last_heartbeat: optionalTime(seen.lastHeardMs),
      created_at: formatRfc3339(node.createdAtMs),
      updated_at: formatRfc3339(node.updatedAtMs),
      message: node.message,
      revision: node.revision,
      // The real product numbers its messages; this one, like the build the seeds describe, does not compare them.
      last_edge_seq_num: 0,
      last_orchestrator_seq_num: 0,
    },
  };
}

export function wireJob(job: Job): WireJob {
  return {
    id: job.id,
    spec: job.spec,
    status: {
      state: { state_type: job.state.type, message: job.state.message, details: {} },
      version: job.version,
      revision: job.revision,
      created_at: formatRfc3339(job.createdAtMs),
      updated_at: formatRfc3339(job.updatedAtMs),
    },
  };
}

export function wireExecution(execution: Execution): WireExecution {
  return {
    id: execution.id,
    eval_id: execution.evalId,
    job_id: execution.jobId,
    job_type: "pipeline",
    job_version: execution.jobVersion,
    node_id: execution.nodeId,
    status: {
      desired_state: { state_type: execution.desired.state, message: execution.desired.message },
      observed_state: { state_type: execution.observed.state, message: execution.observed.message },
      details: {},
      created_at: formatRfc3339(execution.createdAtMs),
      updated_at: formatRfc3339(execution.updatedAtMs),
      revision: execution.revision,
      previous_execution_id: execution.previousExecutionId,
      next_execution_id: execution.nextExecutionId,
    },
  };
}

export function wireEvaluation(evaluation: Evaluation): WireEvaluation {
  return {
    id: evaluation.id,
    job_id: evaluation.jobId,
    trigger: evaluation.trigger,
    status: evaluation.status,
    created_at: formatRfc3339(evaluation.createdAtMs),
    updated_at: formatRfc3339(evaluation.updatedAtMs),
  };
}

export function wireHistoryEntry(event: LoggedEvent): WireHistoryEntry {
  const { seq, atMs, kind, ...details } = event;
  return {
    seq,
    time: formatRfc3339(atMs),
    event: kind,
    details: Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined)) as Record<
      string,
      string | number
    >,
  };
}

function optionalTime(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : formatRfc3339(ms);
}
