import { describe, expect, it } from "vitest";
import { addExecution, deployJob } from "../../test-kit/a-store.ts";
import { anApi, type Answer } from "../../test-kit/an-api.ts";

const START = "2026-02-03T04:05:06.000Z";
const ids = ({ body }: Answer) => (body as { items: { id: string }[] }).items.map(({ id }) => id);

/** `e1` and `e2` of `j1` on `n1` and `n2`, `e3` of `j2` on `n1`; `e2` runs. */
function withExecutions() {
  const world = anApi();
  const { store, clock } = world;
  deployJob(store, "j1");
  addExecution(store);
  addExecution(store, { id: "e2", nodeId: "n2", previousExecutionId: "e0" });
  addExecution(store, { id: "e3", jobId: "j2" });
  clock.advance(1_000);
  store.change((writer) =>
    writer.setExecution("e2", { observed: { state: "running", message: "r" }, by: "edge" }),
  );
  return world;
}

describe("GET /executions", () => {
  it.each([
    ["", ["e1", "e2", "e3"]],
    ["?job_id=j1", ["e1", "e2"]],
    ["?node_ids=n1", ["e1", "e3"]],
    ["?node_ids=n1&node_ids=n2", ["e1", "e2", "e3"]],
    ["?states=running", ["e2"]],
    ["?states=running&states=pending", ["e1", "e2", "e3"]],
    ["?states=failed", []],
    ["?job_id=j1&node_ids=n1&states=pending", ["e1"]],
    ["?job_id=j9", []],
    ["?order_by=updated_at&order=desc&limit=1", ["e2"]],
  ])("%s lists %j", async (query, expected) => {
    expect(ids(await withExecutions().call("GET", `/executions${query}`))).toEqual(expected);
  });
});

describe("GET /executions/{id}", () => {
  it("shows what is wanted and what was observed", async () => {
    expect(await withExecutions().call("GET", "/executions/e2")).toEqual({
      status: 200,
      body: {
        execution: {
          id: "e2",
          eval_id: "v0",
          job_id: "j1",
          job_type: "pipeline",
          job_version: 1,
          node_id: "n2",
          status: {
            desired_state: { state_type: "running", message: "placed in a test" },
            observed_state: { state_type: "running", message: "r" },
            details: {},
            created_at: START,
            updated_at: "2026-02-03T04:05:07.000Z",
            revision: 2,
            previous_execution_id: "e0",
          },
        },
      },
    });
  });

  it("history tells what happened to it", async () => {
    const { body } = await withExecutions().call("GET", "/executions/e2/history");
    const ofE2 = { executionId: "e2", jobId: "j1", nodeId: "n2" };
    expect(body).toEqual({
      items: [
        { seq: 3, time: START, event: "execution-created", details: ofE2 },
        {
          seq: 5,
          time: "2026-02-03T04:05:07.000Z",
          event: "execution-observed",
          details: { ...ofE2, to: "running", by: "edge" },
        },
      ],
    });
  });

  it.each(["/executions/e9", "/executions/e9/history"])("%s: there is none", async (path) => {
    expect(await withExecutions().call("GET", path)).toEqual({
      status: 404,
      body: { code: "NOT_FOUND", message: "there is no execution e9" },
    });
  });
});
