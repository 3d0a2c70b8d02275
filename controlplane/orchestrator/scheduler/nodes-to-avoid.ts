import { isTerminal } from "../../model/execution.ts";
import type { Snapshot } from "../../model/plan.ts";

export interface Avoidance {
  readonly nodeId: string;
  readonly because: string;
  readonly by: "same-job" | "other-job";
}

/**
 * Nodes on which nothing may be placed now (seed 002, `nodesToAvoid()`): those with a non-terminal execution
 * of the same job, and — under `avoid: any-job` — those with a *pending* execution of any other job. The
 * second half is what lets one stuck execution block every later job (seed 002, "Cascading Failure").
 */
export function nodesToAvoid(snapshot: Snapshot, ended: ReadonlySet<string>): Map<string, Avoidance> {
  const avoid = new Map<string, Avoidance>();
  if (snapshot.avoid === "any-job") {
    for (const [nodeId, jobId] of snapshot.pendingElsewhere) {
      avoid.set(nodeId, {
        nodeId,
        by: "other-job",
        because: `an execution of job ${jobId} is pending there`,
      });
    }
  }
  for (const execution of snapshot.executions) {
    if (isTerminal(execution) || ended.has(execution.id)) continue;
    const { nodeId } = execution;
    avoid.set(nodeId, {
      nodeId,
      by: "same-job",
      because: `${execution.id} of this job is ${execution.observed.state}`,
    });
  }
  return avoid;
}
