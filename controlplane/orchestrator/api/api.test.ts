import { describe, expect, it } from "vitest";
import { VERSION } from "../../model/version.ts";
import { addExecution, deployJob, putNode } from "../../test-kit/a-store.ts";
import { anApi } from "../../test-kit/an-api.ts";
import { aJobSpec } from "../../test-kit/model-builders.ts";

describe("health and status", () => {
  it("says that it is up", async () => {
    expect(await anApi().call("GET", "/health")).toEqual({ status: 200, body: { status: "ok" } });
  });

  it("may be asked for its status alone", async () => {
    expect((await anApi().call("HEAD", "/health")).status).toBe(200);
  });

  it("counts by state, and shows the settings as a person writes them", async () => {
    const { store, call } = anApi({ avoid: "same-job", heartbeatMs: 1_000 });
    putNode(store, "n1");
    putNode(store, "n2", { connection: "disconnected" });
    deployJob(store, "j1");
    addExecution(store);
    store.change((writer) => writer.addEvaluation({ id: "v1", jobId: "j1", trigger: "job-create" }));
    expect(await call("GET", "/status")).toEqual({
      status: 200,
      body: {
        version: VERSION,
        nodes: { connected: 1, disconnected: 1 },
        jobs: { pending: 1 },
        executions: { pending: 1 },
        evaluations: { pending: 1 },
        settings: {
          heartbeat: "1s",
          disconnect_timeout: "5m",
          lost_timeout: "1h",
          reevaluation_batch: "15s",
          housekeeping: "30s",
          data_plane_setup: "250ms",
          resync_interval: "30s",
          avoid: "same-job",
          recovery: "none",
        },
      },
    });
  });
});

describe("an unknown place", () => {
  it.each(["/", "/node", "/jobs/a/b/c", "/executions/e1/logs"])("%s is told as 404", async (path) => {
    expect(await anApi().call("GET", path)).toEqual({
      status: 404,
      body: { code: "NOT_FOUND", message: `there is no GET /api/v1${path === "/" ? "/" : path}` },
    });
  });

  it("is a known one by another method, too", async () => {
    expect((await anApi().call("POST", "/jobs")).status).toBe(404);
  });
});

describe("with an API key", () => {
  const keyed = () => anApi({ apiKey: "secret" });
  const refused = (why: string) => ({
    status: 401,
    body: {
      code: "UNAUTHORIZED",
      message: `this orchestrator ${why}: pass --api-key or EXPANSO_CLI_AUTH_API_KEY; it is printed by: expanso-orchestrator api-key`,
    },
  });
  const WANTED = refused("wants an API key");
  const UNKNOWN = refused("does not know the API key that was given");

  it.each([
    ["GET", "/status"],
    ["GET", "/nodes"],
    ["DELETE", "/nodes/n1"],
    ["GET", "/jobs"],
    ["PUT", "/jobs"],
    ["GET", "/executions"],
    ["GET", "/nowhere"],
  ])("%s %s is refused without it, and with another", async (method, path) => {
    const { call } = keyed();
    expect(await call(method, path)).toEqual(WANTED);
    for (const authorization of ["Bearer other", "secret", "Bearer secret2", "Bearer secre", "Bearer "]) {
      expect(await call(method, path, undefined, { authorization })).toEqual(UNKNOWN);
    }
  });

  it("says that it refused, and never what it was shown", async () => {
    const { call, log } = keyed();
    await call("GET", "/status", undefined, { authorization: "Bearer not-to-be-seen" });
    expect(log.lines).toMatchObject([{ level: "warn", message: "API: Refused" }]);
    expect(JSON.stringify(log.lines)).not.toMatch(/not-to-be-seen|secret/);
  });

  it("is refused for a job that is called like an open place", async () => {
    const { store, call } = keyed();
    deployJob(store, "j1", { name: "health" });
    expect(await call("GET", "/jobs/health")).toEqual(WANTED);
    expect(await call("DELETE", "/jobs/health")).toEqual(WANTED);
    expect(store.jobs().length).toBe(1);
  });

  it("is served with it", async () => {
    const { call } = keyed();
    expect((await call("GET", "/status", undefined, { authorization: "Bearer secret" })).status).toBe(200);
  });

  it("is open where an edge or a probe has none: health and register", async () => {
    const { call } = keyed();
    expect((await call("GET", "/health")).status).toBe(200);
    expect(await call("POST", "/nodes/register", {})).toMatchObject({
      status: 400,
      body: { code: "INVALID" },
    });
  });
});

describe("a list", () => {
  /** Jobs named c, a, b, deployed in this order. */
  const withJobs = () => {
    const world = anApi();
    for (const name of ["c", "a", "b"]) {
      deployJob(world.store, `j-${name}`, { name });
      world.clock.advance(1_000);
    }
    return world;
  };
  const names = (body: unknown) =>
    (body as { items: { spec: { name: string } }[] }).items.map((item) => item.spec.name);

  it("is whole without a limit", async () => {
    const { body } = await withJobs().call("GET", "/jobs");
    expect(names(body)).toEqual(["c", "a", "b"]);
    expect(body).not.toHaveProperty("next_token");
  });

  it("is given page by page", async () => {
    const { call } = withJobs();
    const first = await call("GET", "/jobs?limit=2");
    expect([names(first.body), (first.body as { next_token: string }).next_token]).toEqual([["c", "a"], "2"]);
    const second = await call("GET", "/jobs?limit=2&next_token=2");
    expect(names(second.body)).toEqual(["b"]);
    expect(second.body).not.toHaveProperty("next_token");
  });

  it("ends exactly where its last page ends, and is empty behind it", async () => {
    const { call } = withJobs();
    expect((await call("GET", "/jobs?limit=3")).body).not.toHaveProperty("next_token");
    expect((await call("GET", "/jobs?next_token=3")).body).toEqual({ items: [] });
  });

  it.each([
    ["order_by=name", ["a", "b", "c"]],
    ["order_by=name&order=desc", ["c", "b", "a"]],
    ["order_by=created_at&order=desc", ["b", "a", "c"]],
    ["order=desc", ["b", "a", "c"]],
    ["order_by=name&limit=1&next_token=1", ["b"]],
  ])("is ordered by %s", async (query, expected) => {
    expect(names((await withJobs().call("GET", `/jobs?${query}`)).body)).toEqual(expected);
  });

  it.each([
    ["/jobs?limit=0", 'limit: got "0", accepted is a whole number from 1 to 10000'],
    ["/jobs?limit=10001", 'limit: got "10001", accepted is a whole number from 1 to 10000'],
    ["/jobs?limit=ten", 'limit: got "ten", accepted is a whole number from 1 to 10000'],
    ["/jobs?next_token=-1", 'next_token: got "-1", accepted is a whole number from 0 to 9007199254740991'],
    ["/jobs?order=up", 'order: got "up", accepted are asc, desc'],
    ["/jobs?order_by=size", 'order_by: got "size", accepted are name, created_at, updated_at'],
    ["/jobs?order_by=constructor", 'order_by: got "constructor", accepted are name, created_at, updated_at'],
    ["/jobs/c/history?order_by=name", 'order_by: got "name", this list is in order of time only'],
  ])("is refused for %s", async (path, message) => {
    expect(await withJobs().call("GET", path)).toEqual({ status: 400, body: { code: "INVALID", message } });
  });
});

describe("a body", () => {
  it.each([
    ["{", /^the request is not JSON: /],
    ['{"spec": 1,}', /^the request is not JSON: /],
    ["null", /^body: /],
    ["[]", /^body: /],
    ['{"spec":{},"force":"yes"}', /^force: /],
  ])("like %s is refused, with its place", async (body, message) => {
    const answer = await anApi().call("PUT", "/jobs", body);
    expect(answer).toMatchObject({ status: 400, body: { code: "INVALID" } });
    expect((answer.body as { message: string }).message).toMatch(message);
  });

  it("that is too long is refused unread", async () => {
    const spec = aJobSpec({ description: "x".repeat(512 * 1024) });
    const answer = await anApi().call("PUT", "/jobs", { spec });
    expect(answer.status).toBe(413);
    expect(answer.body).toEqual({
      code: "TOO_LARGE",
      message: "the request is larger than 524288 bytes: more is not read",
    });
  });
});

it("tells what nobody foresaw as 500, and logs it", async () => {
  const { store, log, call, database } = anApi();
  deployJob(store, "j1");
  database.close();
  const answer = await call("GET", "/jobs");
  expect(answer).toMatchObject({ status: 500, body: { code: "INTERNAL" } });
  expect(log.told("API: Request failed")).toEqual(["error API: Request failed"]);
});
