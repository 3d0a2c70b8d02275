import { describe, expect, it } from "vitest";
import type { ExecResult, Stack } from "../../engines/engine.ts";
import { ControlError } from "../system.ts";
import { createCliControl, jobNameIn } from "./cli-control.ts";

const NODE = {
  id: "n1",
  spec: { name: "edge1" },
  status: { connection_state: "Connected", data_plane: "ready" },
};
const JOB = {
  id: "j1",
  spec: { name: "new-test-job" },
  status: { state: { state_type: "Deploying", message: "0 of 1" }, version: 2 },
};
const EXECUTION = {
  id: "e1",
  job_id: "j1",
  job_version: 2,
  node_id: "n1",
  status: { desired_state: { state_type: "Running" }, observed_state: { state_type: "Pending" } },
};

describe("a look", () => {
  it("asks the CLI for nodes, jobs and executions, and puts the answers into the harness's words", async () => {
    const { control, commands } = aCli({ node: [NODE], job: [JOB], execution: [EXECUTION] });
    expect(await control.look()).toEqual({
      nodes: [{ id: "n1", name: "edge1", connection: "connected", ready: true }],
      jobs: [
        {
          id: "j1",
          name: "new-test-job",
          version: 2,
          state: "deploying",
          message: "0 of 1",
          admits: "every node",
        },
      ],
      executions: [
        { id: "e1", jobId: "j1", jobVersion: 2, nodeId: "n1", desired: "running", observed: "pending" },
      ],
    });
    expect(commands.map(({ machine, argv }) => `${machine}: ${argv.join(" ")}`)).toEqual(
      ["node", "job", "execution"].map(
        (kind) => `orchestrator: expanso-cli ${kind} list --limit 100000 --format json`,
      ),
    );
  });

  it.each([
    ["No nodes found", []],
    ["[]", []],
    [`${JSON.stringify([NODE])}\nShowing 1 of 1 nodes`, ["edge1"]],
  ])("understands what the real CLI says in place of JSON: %s", async (said, names) => {
    const { control } = aCli({ node: said });
    expect((await control.look()).nodes.map((node) => node.name)).toEqual(names);
  });

  it.each([
    ["does not tell about data planes", {}, undefined],
    ["says that it is being set up", { data_plane: "setting-up" }, false],
  ])("of a node whose orchestrator %s", async (_what, status, ready) => {
    const { control } = aCli({ node: [{ ...NODE, status: { connection_state: "connected", ...status } }] });
    expect((await control.look()).nodes).toMatchObject([{ ready }]);
  });

  it("says which of the nodes may take a job", async () => {
    const labelled = { ...NODE, id: "n2", spec: { name: "edge2", labels: { region: "eu" } } };
    const picky = { ...JOB, spec: { ...JOB.spec, selector: { match_labels: { region: "eu" } } } };
    const { control } = aCli({ node: [NODE, labelled], job: [JOB, picky] });
    expect((await control.look()).jobs.map((job) => job.admits)).toEqual(["every node", ["n2"]]);
  });

  it("takes what is null for what is not there", async () => {
    const bare = { ...NODE, spec: { name: "edge1", labels: null } };
    const selector = { match_ids: null, match_labels: null, match_expressions: ["region"] };
    const jobs = [null, selector].map((own) => ({ ...JOB, spec: { ...JOB.spec, selector: own } }));
    const { control } = aCli({ node: [bare], job: jobs });
    expect((await control.look()).jobs.map((job) => job.admits)).toEqual(["every node", []]);
  });

  it("at the nodes alone has the oldest first, and keeps their order where their age is not told", async () => {
    const aged = (id: string, created_at?: string) => ({
      ...NODE,
      id,
      status: { ...NODE.status, created_at },
    });
    const ids = async (nodes: readonly unknown[]) =>
      (await aCli({ node: nodes }).control.nodes()).map(({ id }) => id);
    const [old, young] = ["2026-11-22T05:00:00.9Z", "2026-11-22T05:00:01Z"];
    expect(await ids([aged("n1", young), aged("n2", old)])).toEqual(["n2", "n1"]);
    expect(await ids([aged("n1"), aged("n2")])).toEqual(["n1", "n2"]);
  });

  it.each([
    ["compute_state, in older builds", { compute_state: { state_type: "Running" } }, "running"],
    ["nothing", {}, "unknown"],
  ])("of an execution that is observed as %s", async (_what, status, observed) => {
    const desired_state = { state_type: "Running" };
    const { control } = aCli({ execution: [{ ...EXECUTION, status: { desired_state, ...status } }] });
    expect((await control.look()).executions).toMatchObject([{ observed }]);
  });

  it.each([
    ["is not JSON", { job: "oops" }, "job list: the answer is not JSON: oops"],
    [
      "has another shape",
      { job: [{ ...JOB, id: 7 }] },
      "job list: 0.id: Invalid input: expected string, received number",
    ],
    [
      "is a failure",
      { job: failure("the orchestrator does not answer") },
      "expanso-cli job list --limit 100000 --format json: exit 1: the orchestrator does not answer",
    ],
    [
      "is a silent failure",
      { job: failure("") },
      "expanso-cli job list --limit 100000 --format json: exit 1: no output",
    ],
  ])("ends in one clear line if an answer %s", async (_what, answers, message) => {
    await expect(aCli(answers).control.look()).rejects.toMatchObject({ name: "ControlError", message });
  });
});

describe("a deployment", () => {
  it("hands the job file over as it is, and returns the job's id, name and version", async () => {
    const { control, commands } = aCli({ job: { job: JOB } });
    const deployed = await control.deploy(
      { name: "pipelines/new-job.yaml", text: "name: new-test-job\n" },
      { force: false },
    );
    expect(deployed).toEqual({ jobId: "j1", jobName: "new-test-job", version: 2 });
    expect(commands).toEqual([
      {
        machine: "orchestrator",
        argv: ["expanso-cli", "job", "deploy", "-", "--format", "json"],
        stdin: "name: new-test-job\n",
      },
    ]);
  });

  it("is forced where nothing has changed", async () => {
    const { control, commands } = aCli({ job: { job: JOB } });
    await control.deploy({ name: "x", text: "" }, { force: true });
    expect(commands[0]?.argv).toContain("--force");
  });

  it("that is refused says what the CLI said", async () => {
    const { control } = aCli({ job: failure("<stdin>:1:1: config is missing\n") });
    await expect(control.deploy({ name: "x", text: "" }, { force: false })).rejects.toThrow(
      new ControlError("expanso-cli job deploy - --format json: exit 1: <stdin>:1:1: config is missing", {
        said: "<stdin>:1:1: config is missing",
      }),
    );
  });
});

it("stops a job by its id", async () => {
  const { control, commands } = aCli({ job: "" });
  await control.stopJob("j1");
  expect(commands.map(({ argv }) => argv.join(" "))).toEqual(["expanso-cli job stop j1"]);
});

it("asks an edge itself what runs there", async () => {
  const { control, commands } = aCli({ executions: [{ execution_id: "e1", state: "running" }] });
  expect(await control.runningOn("edge2")).toEqual(["e1"]);
  expect(commands).toMatchObject([
    { machine: "edge2", argv: ["expanso-edge", "executions", "--format", "json"] },
  ]);
});

describe("a delivery by hand", () => {
  const execution = {
    id: "e1",
    jobId: "j1",
    jobVersion: 2,
    nodeId: "n1",
    desired: "running",
    observed: "pending",
  };
  const subject = "expanso.node.n1.in";
  const published = (stdin: unknown) => ({
    machine: "orchestrator",
    argv: ["nats-publish", "nats://nats:4222", subject],
    stdin: typeof stdin === "string" ? stdin : JSON.stringify(stdin),
  });

  it("of a recorded message publishes it as it was, from beside the orchestrator", async () => {
    const { control, commands } = aCli({});
    await control.deliver?.({ do: "publish", what: "", subject, payload: '{"a": "ü\\n"}' });
    expect(commands).toEqual([published('{"a": "ü\\n"}')]);
  });

  it("of a run request that was never recorded makes it of what the orchestrator tells of the job", async () => {
    const config = { input: { generate: { count: 1 } } };
    const { control, commands } = aCli({ job: { ...JOB, spec: { ...JOB.spec, config } } });
    await control.deliver?.({ do: "request", what: "", command: "run", execution });
    expect(commands).toEqual([
      { machine: "orchestrator", argv: ["expanso-cli", "job", "describe", "j1", "--format", "json"] },
      published({
        kind: "run_execution",
        execution_id: "e1",
        job_id: "j1",
        job_name: "new-test-job",
        job_version: 2,
        pipeline: config,
      }),
    ]);
  });

  it("of a version that the orchestrator tells no more of is refused", async () => {
    const { control, commands } = aCli({ job: { ...JOB, spec: { ...JOB.spec, config: {} } } });
    const old = { ...execution, jobVersion: 1 };
    await expect(
      control.deliver?.({ do: "request", what: "", command: "run", execution: old }),
    ).rejects.toThrow(new ControlError("job describe j1: tells of version 2, not of 1"));
    expect(commands).toHaveLength(1);
  });

  it("of a stop request asks nobody", async () => {
    const { control, commands } = aCli({});
    await control.deliver?.({ do: "request", what: "", command: "stop", execution });
    expect(commands).toEqual([
      published({ kind: "stop_execution", execution_id: "e1", reason: "stopped by hand" }),
    ]);
  });

  it("retires a ghost through the CLI, though it may still count as connected", async () => {
    const { control, commands } = aCli({});
    await control.deliver?.({ do: "retire", what: "", nodeId: "n1" });
    expect(commands.map(({ argv }) => argv.join(" "))).toEqual([
      "expanso-cli node delete n1 --yes --force --reason a ghost, removed by hand",
    ]);
  });

  it("that fails says what the program said", async () => {
    const { control } = aCli({ "nats://nats:4222": failure("nats-publish: refused it") });
    await expect(control.deliver?.({ do: "publish", what: "", subject, payload: "" })).rejects.toThrow(
      /^nats-publish nats:\/\/nats:4222 expanso\.node\.n1\.in: exit 1: nats-publish: refused it$/,
    );
  });
});

/** Machines on which a command is answered by its second word; what is not mentioned has an empty list. */
function aCli(answers: Readonly<Record<string, unknown>>) {
  const commands: { machine: string; argv: readonly string[]; stdin?: string }[] = [];
  const answer = (said: unknown): ExecResult => {
    if (said instanceof Error) return { exitCode: 1, stdout: "", stderr: said.message };
    return { exitCode: 0, stdout: typeof said === "string" ? said : JSON.stringify(said), stderr: "" };
  };
  const machine = (name: string) => ({
    exec: (argv: readonly string[], options?: { readonly stdin?: string }) => {
      commands.push({ machine: name, argv, ...options });
      return Promise.resolve(answer(answers[argv[1] ?? ""] ?? []));
    },
  });
  return { control: createCliControl({ machine } as unknown as Stack), commands };
}

function failure(said: string): Error {
  return new Error(said);
}

it.each([
  ["the first line", "name: test-job\ntype: pipeline\n", "test-job"],
  ["where it stands further down", "# a job\ntype: pipeline\nname: 'test job' # its name\n", "test job"],
  ["JSON", '{"type": "pipeline", "name": "test-job"}', "test-job"],
  ["no name of something in it", "type: pipeline\nselector:\n  name: edge1\n", undefined],
  ["no text that looks like one", "description: |\n  name: other\nname: own\n", "own"],
  ["nothing, where there is no job", "- a\n- list\n", undefined],
])("the name of a job is %s", (_what, text, name) => {
  expect(jobNameIn(text)).toBe(name);
});
