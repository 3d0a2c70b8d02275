import { describe, expect, it } from "vitest";
import { aCli, anId, aWireJob, status } from "./test-kit.ts";

const JOB_FILE = `name: hello
type: pipeline
config:
  input:
    generate:
      mapping: |
        root.message = "hello"
  output:
    drop: {}
`;
const files = { "job.yaml": JOB_FILE };
const job = aWireJob("j-aaaaaaaa", "hello");
const SPEC = {
  name: "hello",
  type: "pipeline",
  labels: {},
  meta: {},
  priority: 50,
  restart_policy: "on-failure",
  selector: { match_ids: [], match_labels: {}, match_expressions: [] },
  config: { input: { generate: { mapping: 'root.message = "hello"\n' } }, output: { drop: {} } },
};
const created = { "PUT /jobs": { job, created: true, warnings: [] } };

describe("job deploy", () => {
  it("sends the job with its defaults filled in", async () => {
    const cli = aCli({ files, routes: created });
    expect(await cli.run("job deploy job.yaml")).toEqual({
      code: 0,
      err: "",
      out: `Job hello created: version 1, id ${anId("j-aaaaaaaa")}
To see where it runs: expanso-cli execution list --job hello
`,
    });
    expect(cli.sent.map(({ method, body }) => [method, JSON.parse(body ?? "")])).toEqual([
      ["PUT", { spec: SPEC, force: false, dry_run: false }],
    ]);
  });

  it("has an older spelling", async () => {
    expect((await aCli({ files, routes: created }).run("job run job.yaml")).out).toMatch(
      /^Job hello created/,
    );
  });

  it("reads standard input for -", async () => {
    expect((await aCli({ stdin: JOB_FILE, routes: created }).run("job deploy -")).code).toBe(0);
  });

  it("prints the orchestrator's answer as JSON", async () => {
    const { out } = await aCli({ files, routes: created }).run("job deploy job.yaml --format json");
    expect(JSON.parse(out)).toEqual(created["PUT /jobs"]);
  });

  it("tells an update from a new job, and passes on warnings", async () => {
    const routes = { "PUT /jobs": { job, created: false, warnings: ["no node matches"] } };
    expect((await aCli({ files, routes }).run("job deploy job.yaml")).out).toMatch(
      /^Warning: no node matches\nJob hello updated: version 1/,
    );
  });

  it("passes on --force and --dry-run", async () => {
    const cli = aCli({ files, routes: created });
    expect((await cli.run("job deploy job.yaml --dry-run --force")).out).toBe(
      "Dry run: job hello would be created; nothing was changed\n",
    );
    expect(cli.requests[0]).toMatch(/"force":true,"dry_run":true\}$/);
  });

  it.each([
    [
      "NO_CHANGES_DETECTED: job hello is deployed like this already; --force redeploys it",
      "NO_CHANGES_DETECTED: job hello is deployed like this already; --force redeploys it",
    ],
    ["no changes detected", "NO_CHANGES_DETECTED: no changes detected; --force deploys it again"],
  ])("fails when nothing changed (%s)", async (message, told) => {
    const routes = { "PUT /jobs": status(422, { message }) };
    expect(await aCli({ files, routes }).run("job deploy job.yaml")).toEqual({
      code: 1,
      out: "",
      err: `expanso-cli: ${told}\n`,
    });
  });

  it("tells every problem of the file with its place, and asks nobody", async () => {
    const text = JOB_FILE.replace("name: hello", "naem: hello").replace('"hello"', "hello()");
    const cli = aCli({ files: { "job.yaml": text }, routes: created });
    const { code, out, err } = await cli.run("job deploy job.yaml");
    expect({ code, out }).toEqual({ code: 64, out: "" });
    expect(err.split("\n")).toEqual([
      expect.stringMatching(/^job.yaml:1:1: naem: unknown key "naem"; .*\(did you mean name\?\)$/),
      expect.stringMatching(/^job.yaml:1:1: name: "name" is missing; supported: /),
      expect.stringMatching(/^job.yaml:7:24: config.input.generate.mapping: unknown function hello; /),
      "",
    ]);
    expect(cli.requests).toEqual([]);
  });

  it("shows a bare pipeline the envelope that it lacks", async () => {
    const bare = "input:\n  generate:\n    mapping: root = 1\noutput:\n  drop: {}\n";
    expect(await aCli({ files: { "pipeline.yaml": bare } }).run("job deploy pipeline.yaml")).toEqual({
      code: 64,
      out: "",
      err: `pipeline.yaml:1:1: this is a pipeline without a job around it; wrap it in an envelope like this:

name: my-job
type: pipeline
config:
  input:
    generate:
      mapping: root = 1
  output:
    drop: {}
`,
    });
  });

  it("passes on what only the orchestrator objects to", async () => {
    const problems = [{ path: "config.input", message: "kafka is switched off here" }];
    const routes = { "PUT /jobs": status(400, { code: "INVALID", message: "config.input: …", problems }) };
    expect(await aCli({ files, routes }).run("job deploy job.yaml")).toEqual({
      code: 64,
      out: "",
      err: "job.yaml: config.input: kafka is switched off here\n",
    });
  });

  it("says which file it cannot read, and why", async () => {
    expect(await aCli().run("job deploy none.yaml")).toEqual({
      code: 64,
      out: "",
      err: "expanso-cli: there is no file none.yaml; name a job file, or - for standard input\n",
    });
    expect((await aCli().run("job deploy pipelines/")).err).toBe(
      "expanso-cli: cannot read pipelines/: it is a folder\n",
    );
  });
});

describe("job validate", () => {
  it("asks nobody when offline", async () => {
    expect(await aCli({ files }).run("job validate job.yaml --offline")).toEqual({
      code: 0,
      out: "job.yaml is valid: job hello\n",
      err: "",
    });
  });

  it("asks the orchestrator otherwise, for a dry run", async () => {
    const cli = aCli({ files, routes: created });
    expect((await cli.run("job validate job.yaml")).code).toBe(0);
    expect(cli.requests[0]).toMatch(/"force":true,"dry_run":true\}$/);
  });

  it("refuses what deploy would refuse", async () => {
    const { code, err } = await aCli({ stdin: "a: b: c" }).run("job validate - --offline");
    expect({ code, err }).toEqual({
      code: 64,
      err: "<stdin>:1:4: not YAML: Nested mappings are not allowed in compact mappings\n",
    });
  });
});
