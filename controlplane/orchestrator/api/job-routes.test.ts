import { describe, expect, it } from "vitest";
import type { JobSpec } from "../../model/job.ts";
import type { WireDeployResponse, WireError, WireJob } from "../../protocol/http.ts";
import { addExecution, deployJob } from "../../test-kit/a-store.ts";
import { anApi, type Answer } from "../../test-kit/an-api.ts";
import { aUuid } from "../../test-kit/counting-random.ts";
import { aJobSpec } from "../../test-kit/model-builders.ts";

const START = "2026-02-03T04:05:06.000Z";
const J1 = `j-${aUuid(1)}`;

/** An API with the job `job-one` deployed, as by `PUT /jobs`. */
async function withJob(spec: Partial<JobSpec> = {}) {
  const world = anApi();
  const created = await world.call("PUT", "/jobs", { spec: aJobSpec(spec) });
  expect(created.status).toBe(201);
  const evaluations = () => world.store.evaluations().map(({ jobId, trigger }) => `${jobId} ${trigger}`);
  return { ...world, created, evaluations };
}

const jobOf = ({ body }: Answer): WireJob => (body as WireDeployResponse).job;
const messageOf = ({ body }: Answer): string => (body as WireError).message;

describe("PUT /jobs", () => {
  it("creates a job: stored and answered first, looked at later", async () => {
    const { created, store, evaluations } = await withJob();
    expect(created).toEqual({
      status: 201,
      body: {
        job: {
          id: J1,
          spec: aJobSpec(),
          status: {
            state: { state_type: "pending", message: "waiting for its first evaluation", details: {} },
            version: 1,
            revision: 1,
            created_at: START,
            updated_at: START,
          },
        },
        created: true,
        warnings: [],
      },
    });
    expect(store.job(J1)).toMatchObject({ version: 1, wanted: true, spec: aJobSpec() });
    expect(evaluations()).toEqual([`${J1} job-create`]);
  });

  it("fills the defaults in", async () => {
    const { call } = anApi();
    const { name, type, config } = aJobSpec();
    const answer = await call("PUT", "/jobs", { spec: { name, type, config } });
    expect(jobOf(answer).spec).toEqual(aJobSpec());
  });

  it("makes a new version of the job with the same name", async () => {
    const { call, clock, evaluations } = await withJob();
    clock.advance(1_000);
    const answer = await call("PUT", "/jobs", { spec: aJobSpec({ priority: 9 }) });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        created: false,
        job: {
          id: J1,
          spec: { priority: 9 },
          status: { version: 2, revision: 2, created_at: START, updated_at: "2026-02-03T04:05:07.000Z" },
        },
      },
    });
    expect(evaluations()).toEqual([`${J1} job-create`, `${J1} job-update`]);
  });

  it("refuses one that is deployed like this already, unless it is forced", async () => {
    const { call, evaluations } = await withJob();
    expect(await call("PUT", "/jobs", { spec: aJobSpec() })).toEqual({
      status: 422,
      body: {
        code: "NO_CHANGES_DETECTED",
        message:
          "NO_CHANGES_DETECTED: job job-one is deployed like this already (version 1); --force redeploys it",
      },
    });
    expect(evaluations().length).toBe(1);
    const forced = await call("PUT", "/jobs", { spec: aJobSpec(), force: true });
    expect([forced.status, jobOf(forced).status.version]).toEqual([200, 2]);
    expect(evaluations().at(-1)).toBe(`${J1} job-update`);
  });

  it("deploys an unchanged job that was stopped", async () => {
    const { call, store } = await withJob();
    await call("POST", `/jobs/${J1}/stop`);
    expect((await call("PUT", "/jobs", { spec: aJobSpec() })).status).toBe(200);
    expect(store.job(J1)).toMatchObject({ version: 2, wanted: true });
  });

  it("changes nothing in a dry run", async () => {
    const { call, store } = await withJob();
    const before = [store.jobs(), store.lastSeq(), store.evaluations()];
    const update = await call("PUT", "/jobs", { spec: aJobSpec({ priority: 9 }), dry_run: true });
    expect(update).toMatchObject({
      status: 200,
      body: { created: false, warnings: ["dry run: nothing was changed"], job: { spec: { priority: 9 } } },
    });
    const creation = await call("PUT", "/jobs", { spec: aJobSpec({ name: "two" }), dry_run: true });
    expect(creation).toMatchObject({ status: 201, body: { created: true, job: { id: "j-dry-run" } } });
    expect((await call("PUT", "/jobs", { spec: aJobSpec(), dry_run: true })).status).toBe(422);
    expect([store.jobs(), store.lastSeq(), store.evaluations()]).toEqual(before);
  });

  it("refuses a job that does not fit, and names every place", async () => {
    const { call, store } = anApi();
    const answer = await call("PUT", "/jobs", {
      spec: { ...aJobSpec(), restart_policy: "sometimes", config: { input: { kafka: {} } } },
    });
    expect(answer).toMatchObject({ status: 400, body: { code: "INVALID" } });
    const { problems = [], message } = answer.body as WireError;
    expect(problems.map(({ path }) => path)).toEqual(
      expect.arrayContaining(["restart_policy", "config.input.kafka"]),
    );
    expect(message).toBe(`${problems[0]?.path}: ${problems[0]?.message}`);
    expect([store.jobs(), store.lastSeq()]).toEqual([[], 0]);
  });

  it("refuses no job at all", async () => {
    expect(await anApi().call("PUT", "/jobs")).toMatchObject({ status: 400, body: { code: "INVALID" } });
  });
});

describe("PUT /jobs/diff", () => {
  it.each([
    ["as it is", aJobSpec(), { exists: true, changed: false }],
    ["with a change", aJobSpec({ priority: 9 }), { exists: true, changed: true }],
    ["under a new name", aJobSpec({ name: "two" }), { exists: false, changed: true }],
  ])("tells of a job %s", async (_, spec, body) => {
    const { call, store } = await withJob();
    const seq = store.lastSeq();
    expect(await call("PUT", "/jobs/diff", { spec })).toEqual({ status: 200, body });
    expect(store.lastSeq()).toBe(seq);
  });

  it("refuses a job that does not fit", async () => {
    const { call } = await withJob();
    expect((await call("PUT", "/jobs/diff", { spec: {} })).status).toBe(400);
  });
});

describe("PUT /jobs/{id}", () => {
  it("updates, and may rename", async () => {
    const { call, store } = await withJob();
    const answer = await call("PUT", `/jobs/${J1}`, { spec: aJobSpec({ name: "renamed" }) });
    expect([answer.status, jobOf(answer).spec.name, jobOf(answer).status.version]).toEqual([
      200,
      "renamed",
      2,
    ]);
    expect([store.jobByName("job-one"), store.jobByName("renamed")?.id]).toEqual([undefined, J1]);
  });

  it("refuses another job's name", async () => {
    const { call, store } = await withJob();
    deployJob(store, "j2", { name: "two" });
    const seq = store.lastSeq();
    expect(await call("PUT", `/jobs/${J1}`, { spec: aJobSpec({ name: "two" }) })).toEqual({
      status: 409,
      body: { code: "NAME_TAKEN", message: "the name two belongs to job j2" },
    });
    expect(store.lastSeq()).toBe(seq);
  });

  it("refuses what is deployed like this already", async () => {
    const { call } = await withJob();
    expect((await call("PUT", `/jobs/${J1}`, { spec: aJobSpec() })).status).toBe(422);
  });
});

describe("POST /jobs/{id}/stop", () => {
  it("says that nobody wants it any more, and has it looked at", async () => {
    const { call, store, evaluations } = await withJob();
    expect(jobOf(await call("POST", "/jobs/job-one/stop")).id).toBe(J1);
    expect(store.job(J1)?.wanted).toBe(false);
    expect(evaluations()).toEqual([`${J1} job-create`, `${J1} job-stop`]);
  });

  it("does nothing the second time", async () => {
    const { call, evaluations } = await withJob();
    await call("POST", `/jobs/${J1}/stop`);
    expect((await call("POST", `/jobs/${J1}/stop`)).status).toBe(200);
    expect(evaluations().length).toBe(2);
  });
});

describe("PUT /jobs/{id}/rerun", () => {
  it("makes a new version that says the same, also of a stopped job", async () => {
    const { call, store, evaluations } = await withJob();
    await call("POST", `/jobs/${J1}/stop`);
    const answer = await call("PUT", `/jobs/${J1}/rerun`);
    expect([answer.status, jobOf(answer).status.version, jobOf(answer).spec]).toEqual([200, 2, aJobSpec()]);
    expect(store.job(J1)?.wanted).toBe(true);
    expect(evaluations().at(-1)).toBe(`${J1} job-rerun`);
  });
});

describe("DELETE /jobs/{id}", () => {
  it("removes a job without live executions", async () => {
    const { call, store } = await withJob();
    expect(jobOf(await call("DELETE", `/jobs/${J1}`)).id).toBe(J1);
    expect([store.jobs(), store.evaluations()]).toEqual([[], []]);
    expect((await call("GET", `/jobs/${J1}`)).status).toBe(404);
  });

  it("refuses while executions live", async () => {
    const { call, store } = await withJob();
    addExecution(store, { jobId: J1 });
    expect(await call("DELETE", `/jobs/${J1}`)).toEqual({
      status: 409,
      body: { code: "CONFLICT", message: "job job-one has 1 live executions: stop it first" },
    });
    expect(store.jobs().length).toBe(1);
  });
});

describe("GET /jobs", () => {
  it("lists them, and finds one by id or by name", async () => {
    const { call, created } = await withJob();
    const job = jobOf(created);
    expect(await call("GET", "/jobs")).toEqual({ status: 200, body: { items: [job] } });
    expect(await call("GET", `/jobs/${J1}`)).toEqual({ status: 200, body: { job } });
    expect(await call("GET", "/jobs/job-one")).toEqual({ status: 200, body: { job } });
  });

  it.each([
    ["GET", ""],
    ["PUT", ""],
    ["DELETE", ""],
    ["POST", "/stop"],
    ["PUT", "/rerun"],
    ["GET", "/versions"],
    ["GET", "/history"],
    ["GET", "/executions"],
    ["GET", "/evaluations"],
  ])("%s /jobs/none%s: there is none", async (method, rest) => {
    const body = method === "PUT" ? { spec: aJobSpec() } : undefined;
    const answer = await anApi().call(method, `/jobs/none${rest}`, body);
    expect([answer.status, messageOf(answer)]).toEqual([404, "there is no job none"]);
  });
});

describe("what belongs to a job", () => {
  it("versions", async () => {
    const { call, clock } = await withJob();
    clock.advance(1_000);
    await call("PUT", "/jobs", { spec: aJobSpec({ priority: 9 }) });
    expect(await call("GET", `/jobs/${J1}/versions`)).toEqual({
      status: 200,
      body: {
        items: [
          { version: 1, spec: aJobSpec(), created_at: START },
          { version: 2, spec: aJobSpec({ priority: 9 }), created_at: "2026-02-03T04:05:07.000Z" },
        ],
      },
    });
  });

  it("history", async () => {
    const { call, store } = await withJob();
    addExecution(store, { jobId: J1 });
    expect(await call("GET", `/jobs/${J1}/history`)).toEqual({
      status: 200,
      body: {
        items: [
          { seq: 1, time: START, event: "job-deployed", details: { jobId: J1, version: 1 } },
          {
            seq: 2,
            time: START,
            event: "evaluation-pending",
            details: { evaluationId: aUuid(2), jobId: J1, trigger: "job-create" },
          },
          {
            seq: 3,
            time: START,
            event: "execution-created",
            details: { executionId: "e1", jobId: J1, nodeId: "n1" },
          },
        ],
      },
    });
  });

  it("executions", async () => {
    const { call, store } = await withJob();
    addExecution(store, { jobId: J1 });
    addExecution(store, { id: "e2", jobId: "j-other" });
    const { body } = await call("GET", `/jobs/${J1}/executions`);
    expect((body as { items: { id: string }[] }).items.map(({ id }) => id)).toEqual(["e1"]);
  });

  it("evaluations", async () => {
    const { call } = await withJob();
    expect((await call("GET", `/jobs/${J1}/evaluations`)).body).toEqual({
      items: [
        {
          id: aUuid(2),
          job_id: J1,
          trigger: "job-create",
          status: "pending",
          created_at: START,
          updated_at: START,
        },
      ],
    });
  });
});
