import { describe, expect, it } from "vitest";
import { HttpUnreachableError, type HttpClient } from "../ports/http.ts";
import { listExecutions } from "./list-executions.ts";

const RUNNING = [
  {
    execution_id: "e-00000000-0000-4000-8000-000000000001",
    job_id: "j1",
    job_name: "job-one",
    job_version: 3,
    state: "running",
  },
];

async function list(format: string, body: string | undefined) {
  const seen = { out: "", err: "", urls: [] as string[] };
  const http: HttpClient = {
    request: ({ url }) => {
      seen.urls.push(url);
      return body === undefined
        ? Promise.reject(new HttpUnreachableError(url, "connection refused"))
        : Promise.resolve({ status: 200, body });
    },
  };
  const code = await listExecutions(
    { http, out: (text) => (seen.out += text), err: (text) => (seen.err += text) },
    { url: "http://127.0.0.1:9011", format },
  );
  return { code, ...seen };
}

describe("expanso-edge executions", () => {
  it("shows a table", async () => {
    expect(await list("table", JSON.stringify(RUNNING))).toEqual({
      code: 0,
      err: "",
      urls: ["http://127.0.0.1:9011/executions"],
      out:
        "EXECUTION                               STATE      JOB\n" +
        "e-00000000-0000-4000-8000-000000000001  running    job-one v3\n",
    });
  });

  it("says so when nothing runs", async () => {
    expect((await list("table", "[]")).out).toBe("No executions run here\n");
    expect((await list("json", "[]")).out).toBe("[]\n");
  });

  it("gives JSON to programs, as the agent gave it", async () => {
    expect(JSON.parse((await list("json", JSON.stringify(RUNNING))).out)).toEqual(RUNNING);
  });

  it("says what to do when no agent runs here", async () => {
    expect(await list("table", undefined)).toMatchObject({
      code: 1,
      out: "",
      err: "expanso-edge: no agent answers on this machine; start it with `expanso-edge run`\n",
    });
  });

  it("refuses a format that it does not have, before it asks", async () => {
    expect(await list("yaml", "[]")).toMatchObject({
      code: 64,
      urls: [],
      err: 'expanso-edge: --format: got "yaml", accepted are json, table\n',
    });
  });
});
