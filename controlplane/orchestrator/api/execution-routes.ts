import { Hono } from "hono";
import type { Execution } from "../../model/execution.ts";
import type { ApiParts } from "./api.ts";
import { ApiFailure } from "./failures.ts";
import { page } from "./paging.ts";
import { wireExecution, wireHistoryEntry } from "./wire.ts";

export function executionRoutes({ store }: ApiParts): Hono {
  const routes = new Hono();
  const find = (id: string): Execution => {
    const execution = store.execution(id);
    if (execution === undefined) throw new ApiFailure("NOT_FOUND", `there is no execution ${id}`);
    return execution;
  };

  routes.get("/", (context) => {
    const jobId = context.req.query("job_id");
    const nodeIds = context.req.queries("node_ids") ?? [];
    const states = context.req.queries("states") ?? [];
    const executions = store
      .executions(jobId === undefined ? {} : { jobId })
      .filter((execution) => nodeIds.length === 0 || nodeIds.includes(execution.nodeId))
      .filter((execution) => states.length === 0 || states.includes(execution.observed.state));
    return context.json(
      page(context, executions, wireExecution, {
        created_at: (execution) => execution.createdAtMs,
        updated_at: (execution) => execution.updatedAtMs,
      }),
    );
  });
  routes.get("/:id", (context) => context.json({ execution: wireExecution(find(context.req.param("id"))) }));
  routes.get("/:id/history", (context) => {
    const executionId = find(context.req.param("id")).id;
    return context.json(page(context, store.history({ executionId }), wireHistoryEntry, {}));
  });
  return routes;
}
