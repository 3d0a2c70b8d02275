import type { Execution } from "../../model/execution.ts";
import type { ApiParts } from "./api.ts";
import { ApiFailure } from "./failures.ts";
import { page } from "./paging.ts";
import { ok, type Route } from "./router.ts";
import { wireExecution, wireHistoryEntry } from "./wire.ts";

export function executionRoutes({ store }: ApiParts): readonly Route[] {
  const find = (id: string): Execution => {
    const execution = store.execution(id);
    if (execution === undefined) throw new ApiFailure("NOT_FOUND", `there is no execution ${id}`);
    return execution;
  };

  return [
    {
      method: "GET",
      path: "/executions",
      answer: ({ query }) => {
        const jobId = query.get("job_id");
        const nodeIds = query.getAll("node_ids");
        const states = query.getAll("states");
        const executions = store
          .executions(jobId === null ? {} : { jobId })
          .filter((execution) => nodeIds.length === 0 || nodeIds.includes(execution.nodeId))
          .filter((execution) => states.length === 0 || states.includes(execution.observed.state));
        return ok(
          page(query, executions, wireExecution, {
            created_at: (execution) => execution.createdAtMs,
            updated_at: (execution) => execution.updatedAtMs,
          }),
        );
      },
    },
    {
      method: "GET",
      path: "/executions/:id",
      answer: ({ id }) => ok({ execution: wireExecution(find(id)) }),
    },
    {
      method: "GET",
      path: "/executions/:id/history",
      answer: ({ id, query }) =>
        ok(page(query, store.history({ executionId: find(id).id }), wireHistoryEntry, {})),
    },
  ];
}
