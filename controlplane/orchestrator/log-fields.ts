import type { Execution } from "../model/execution.ts";
import type { LogFields } from "../ports/log.ts";
import type { StoreReader } from "./contracts.ts";

/** The fields by which a log line about an execution is found (spec 1-system, "Log lines"). */
export function executionFields(
  store: StoreReader,
  execution: Pick<Execution, "id" | "jobId" | "nodeId" | "evalId">,
): LogFields {
  return {
    execution_id: execution.id,
    ...nodeFields(store, execution.nodeId),
    ...jobFields(store, execution.jobId),
    eval_id: execution.evalId,
  };
}

export function nodeFields(store: StoreReader, nodeId: string): LogFields {
  return { node_id: nodeId, node_name: store.node(nodeId)?.name };
}

export function jobFields(store: StoreReader, jobId: string): LogFields {
  return { job: store.job(jobId)?.spec.name, job_id: jobId };
}
