import { z } from "zod";
import type { ExecutionSeen } from "../../vocabulary.ts";

/** As much of `expanso-cli job describe --format json` as a request is made of. */
export const describedJob = z.object({
  id: z.string(),
  spec: z.object({ name: z.string(), config: z.unknown() }),
  status: z.object({ version: z.number() }),
});

/**
 * The request that the orchestrator would have sent, for one that never reached the broker. Compared with what
 * it does send by tests/sim/proof.test.ts.
 */
export function runRequest(
  { id, jobId }: ExecutionSeen,
  { spec, status }: z.infer<typeof describedJob>,
): string {
  return JSON.stringify({
    kind: "run_execution",
    execution_id: id,
    job_id: jobId,
    job_name: spec.name,
    job_version: status.version,
    pipeline: spec.config,
  });
}

export function stopRequest({ id }: ExecutionSeen): string {
  return JSON.stringify({ kind: "stop_execution", execution_id: id, reason: "stopped by hand" });
}
