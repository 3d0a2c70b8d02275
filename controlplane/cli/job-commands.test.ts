import { describe, expect, it } from "vitest";
import { aCli, aWireExecution, aWireJob, aWireNode } from "./test-kit.ts";

const edge1 = aWireNode("11111111", "edge1-debug");
const job = aWireJob("j-aaaaaaaa", "new-test-job", { state_type: "deploying" });
const queued = aWireJob("j-bbbbbbbb", "lonely", {
  state_type: "queued",
  message: "waiting for matching nodes",
});
const routes = {
  "GET /jobs": { items: [job, queued] },
  "GET /nodes": { items: [edge1] },
  [`GET /jobs/${job.id}`]: { job },
  [`GET /jobs/${job.id}/executions`]: {
    items: [aWireExecution("e-11111111", { job, node: edge1 }, "pending")],
  },
  [`GET /jobs/${job.id}/history`]: {
    items: [{ seq: 1, time: "2025-01-01T00:00:00.000Z", event: "job-deployed", details: { version: 1 } }],
  },
  [`POST /jobs/${job.id}/stop`]: { job },
  [`PUT /jobs/${job.id}/rerun`]: { job },
  [`DELETE /jobs/${job.id}`]: { job },
};

describe("job list", () => {
  it("shows name, short id, state and what the state is about", async () => {
    expect(await aCli({ routes }).run("job list")).toEqual({
      code: 0,
      err: "",
      out: `ID          NAME          TYPE      VERSION  STATE      MESSAGE
j-aaaaaaaa  new-test-job  pipeline  1        deploying  -
j-bbbbbbbb  lonely        pipeline  1        queued     waiting for matching nodes
`,
    });
  });

  it("prints a bare array as JSON", async () => {
    expect(JSON.parse((await aCli({ routes }).run("job list -f json")).out)).toEqual([job, queued]);
  });

  it("says when there are none", async () => {
    expect((await aCli({ routes: { "GET /jobs": { items: [] } } }).run("job ls")).out).toBe(
      "No jobs found\n",
    );
  });
});

describe("job describe", () => {
  it("shows the job and its executions", async () => {
    expect((await aCli({ routes }).run("job describe new-test-job")).out).toBe(`Name            new-test-job
ID              ${job.id}
Type            pipeline
Version         1
State           deploying
Runs on         every node
Restart policy  on-failure
Priority        50
Labels          -
Created         2025-01-01T00:00:00.000Z
Updated         2025-01-01T00:00:01.000Z

ID          JOB           VERSION  NODE         STATE    DESIRED
e-11111111  new-test-job  1        edge1-debug  pending  running
`);
  });

  it("prints the bare object as JSON, of a job named by the beginning of its id", async () => {
    expect(JSON.parse((await aCli({ routes }).run("job describe j-aaaa --format json")).out)).toEqual(job);
  });

  it("says which nodes the job is for", async () => {
    const selector = { match_ids: ["n1"], match_labels: { env: "prod" }, match_expressions: ["!old"] };
    const picky = { ...job, spec: { ...job.spec, selector } };
    const { out } = await aCli({ routes: { ...routes, [`GET /jobs/${job.id}`]: { job: picky } } }).run(
      "job describe new-test-job",
    );
    expect(out).toContain("Runs on         nodes with id n1 and env=prod and !old\n");
  });
});

describe("job stop, rerun, delete", () => {
  it.each([
    ["job stop new-test-job", `POST /jobs/${job.id}/stop`, "Job new-test-job stopping\n"],
    ["job rerun new-test-job", `PUT /jobs/${job.id}/rerun`, "Job new-test-job deployed again\n"],
    ["job delete new-test-job --yes", `DELETE /jobs/${job.id}`, "Job new-test-job deleted\n"],
    ["job rm new-test-job", `DELETE /jobs/${job.id}`, "Job new-test-job deleted\n"],
  ])("%s sends %s", async (line, request, out) => {
    const cli = aCli({ routes });
    expect(await cli.run(line)).toEqual({ code: 0, out, err: "" });
    expect(cli.requests).toEqual(["GET /jobs", request]);
  });

  it("needs no look-up for a whole id", async () => {
    const cli = aCli({ routes });
    await cli.run(`job stop ${job.id}`);
    expect(cli.requests).toEqual([`POST /jobs/${job.id}/stop`]);
  });

  it.each(["job stop nobody", "job rerun nobody", "job delete nobody", "job history nobody"])(
    "%s says that there is no such job",
    async (line) => {
      expect(await aCli({ routes }).run(line)).toEqual({
        code: 1,
        out: "",
        err: 'expanso-cli: there is no job "nobody"; see expanso-cli job list\n',
      });
    },
  );

  it("does not take an empty text for a name, as an unset variable in a script makes it", async () => {
    expect(await aCli({ routes }).run("job stop ")).toEqual({
      code: 64,
      out: "",
      err: "expanso-cli: expected a job's name or id, saw an empty text\n",
    });
  });
});

describe("job history", () => {
  it("shows what happened", async () => {
    expect((await aCli({ routes }).run("job history new-test-job")).out).toBe(
      `TIME                      EVENT         DETAILS
2025-01-01T00:00:00.000Z  job-deployed  version=1
`,
    );
  });
});

describe("job logs", () => {
  it("says where the output is instead", async () => {
    expect(await aCli({ routes }).run("job logs new-test-job --follow")).toEqual({
      code: 1,
      out: "",
      err:
        "expanso-cli: this build does not collect the output of jobs such as new-test-job; a pipeline's output " +
        'is in the log of its edge, e.g. "docker logs edge1-debug"\n',
    });
  });
});
