import { describe, expect, it } from "vitest";
import { aCli, aWireExecution, aWireJob, aWireNode } from "./test-kit.ts";

const edge1 = aWireNode("11111111", "edge1-debug");
const edge2 = aWireNode("22222222", "edge2-debug");
const heartbeat = aWireJob("j-aaaaaaaa", "test-heartbeat", {}, { env: "prod" });
const third = aWireJob("j-bbbbbbbb", "third-test-job");
const first = aWireExecution("e-aaaaaaa1", { job: heartbeat, node: edge1 });
const stuck = aWireExecution("e-bbbbbbb1", { job: third, node: edge2, version: 2 }, "pending");

const routes = {
  "GET /executions": { items: [first, stuck] },
  "GET /nodes": { items: [edge1, edge2] },
  "GET /jobs": { items: [heartbeat, third] },
  [`GET /executions/${stuck.id}`]: { execution: stuck },
};

describe("execution list", () => {
  it("shows the names of jobs and nodes, the state and the desired state", async () => {
    expect(await aCli({ routes }).run("execution list")).toEqual({
      code: 0,
      err: "",
      out: `ID          JOB             VERSION  NODE         STATE    DESIRED
e-aaaaaaa1  test-heartbeat  1        edge1-debug  running  running
e-bbbbbbb1  third-test-job  2        edge2-debug  pending  running
`,
    });
  });

  it("asks for nothing but the executions when a program reads it", async () => {
    const cli = aCli({ routes });
    expect(JSON.parse((await cli.run("execution list --format json")).out)).toEqual([first, stuck]);
    expect(cli.requests).toEqual(["GET /executions"]);
  });

  it("falls back to short ids where a job or a node is gone", async () => {
    const gone = { ...routes, "GET /nodes": { items: [] }, "GET /jobs": { items: [] } };
    expect((await aCli({ routes: gone }).run("execution list")).out).toContain(
      "e-aaaaaaa1  j-aaaaaaaa  1        11111111  running  running\n",
    );
  });

  it("reads the observed state as older builds call it", async () => {
    const { observed_state: compute_state, ...status } = stuck.status;
    const older = { "GET /executions": { items: [{ ...stuck, status: { ...status, compute_state } }] } };
    expect((await aCli({ routes: { ...routes, ...older } }).run("execution list")).out).toContain(
      "edge2-debug  pending  running\n",
    );
  });

  it("looks up the ids of what it filters by", async () => {
    const cli = aCli({ routes });
    await cli.run("execution list --job third-test-job --node-id edge2 --state pending -f json");
    await cli.run("execution list --job-id third-test-job --node-id edge2-debug --state pending -f json");
    await cli.run(`execution list --job-id ${third.id} -f json`);
    expect(cli.requests).toEqual([
      "GET /jobs",
      "GET /nodes",
      "GET /jobs",
      "GET /nodes",
      `GET /executions?job_id=${third.id}&node_ids=${edge2.id}&states=pending`,
      `GET /executions?job_id=${third.id}`,
    ]);
  });

  it("filters by job version, and by the labels of the job", async () => {
    const idsOf = async (flags: string): Promise<string[]> =>
      (
        JSON.parse((await aCli({ routes }).run(`execution list -f json ${flags}`)).out) as (typeof first)[]
      ).map(({ id }) => id);
    expect(await idsOf("--job-version 2")).toEqual([stuck.id]);
    expect(await idsOf("--label env=prod")).toEqual([first.id]);
  });

  it("refuses a state that there is not, and lists those that there are", async () => {
    expect(await aCli({ routes }).run("execution list --state stuck")).toEqual({
      code: 64,
      out: "",
      err:
        "expanso-cli: option '--state <state>' argument 'stuck' is invalid. Allowed choices are pending, " +
        "running, completed, failed, stopped, cancelled. (see expanso-cli execution list --help)\n",
    });
  });

  it("says when there are none", async () => {
    const none = { ...routes, "GET /executions": { items: [] } };
    expect((await aCli({ routes: none }).run("execution list")).out).toBe("No executions found\n");
    expect((await aCli({ routes: none }).run("execution list -f json")).out).toBe("[]\n");
  });

  it("follows the pages, as far as the limit needs", async () => {
    const paged = (url: URL): object => {
      const page = Number(url.searchParams.get("next_token") ?? "0");
      return { items: [page === 0 ? first : stuck], ...(page < 2 && { next_token: String(page + 1) }) };
    };
    const cli = aCli({ routes: { ...routes, "GET /executions": paged } });
    expect(JSON.parse((await cli.run("execution list -f json")).out)).toEqual([first, stuck, stuck]);
    expect(cli.requests).toEqual([
      "GET /executions",
      "GET /executions?next_token=1",
      "GET /executions?next_token=2",
    ]);

    const limited = aCli({ routes: { ...routes, "GET /executions": paged } });
    const { out } = await limited.run("execution list --limit 1");
    expect(out).toMatch(/\nShowing the first 1; a larger --limit shows more\n$/);
    expect(limited.requests).not.toContain("GET /executions?next_token=2");
  });

  it("does not ask for ever when the orchestrator's token leads nowhere", async () => {
    const circular = { ...routes, "GET /executions": { items: [first], next_token: "same" } };
    expect(JSON.parse((await aCli({ routes: circular }).run("execution list -f json")).out)).toEqual([
      first,
      first,
    ]);
  });
});

describe("execution describe", () => {
  it("finds an execution by the beginning of its id", async () => {
    const { out } = await aCli({ routes }).run("execution describe e-bbbb -f json");
    expect(JSON.parse(out)).toEqual(stuck);
  });

  it("shows where it is and what is wanted of it", async () => {
    const { out } = await aCli({ routes }).run("execution describe bbbbbbb1");
    expect(out).toBe(`ID          ${stuck.id}
Job         third-test-job (${third.id}), version 2
Node        edge2-debug (${edge2.id})
State       pending
Desired     running
Evaluation  ffffffff-0000-4000-8000-000000000000
Created     2025-01-01T00:00:00.000Z
Updated     2025-01-01T00:00:01.000Z
`);
  });
});
