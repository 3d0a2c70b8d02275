import { describe, expect, it } from "vitest";
import type { Stack } from "../../engines/engine.ts";
import { ControlError } from "../system.ts";
import { createCliControl } from "./cli-control.ts";

/** What other builds answer to `expanso-cli KIND list`, with and without `--format json`; written from spec 2-contract. */
const NODE = "6d03e72e-3059-4377-b1ef-f38bce2cecc6";
const JOB = "j-abaca9e4-86e7-49a0-8706-d62e9462d301";
const EXECUTION = "e-29748dd6-4a2c-4ec0-8155-f70c7d3de955";

const NODES = [
  {
    id: NODE,
    spec: {
      name: "edge1",
      hostname: "c0ffee",
      os: "linux",
      arch: "amd64",
      agent_version: "1.4.2",
      labels: null,
    },
    status: { connection_state: "CONNECTED", connected_since: "2026-11-21T22:57:42Z", revision: 4 },
  },
];
const JOBS = [
  {
    id: JOB,
    spec: { name: "new-test-job", type: "pipeline" },
    status: { state: { state_type: "DEPLOYING", message: "0 of 1" }, version: 2, revision: 7 },
  },
];
const executions = (status: object) => [
  { id: EXECUTION, eval_id: "x", job_id: JOB, job_type: "pipeline", job_version: 2, node_id: NODE, status },
];
const NEW_NAMES = executions({
  desired_state: { state_type: "Running", message: "" },
  observed_state: { state_type: "Pending", message: "" },
});
const OLD_NAMES = executions({
  desired_state: { state_type: "RUNNING" },
  compute_state: { state_type: "PENDING" },
});

const SEEN = {
  nodes: [{ id: NODE, name: "edge1", connection: "connected", ready: undefined }],
  jobs: [
    {
      id: JOB,
      name: "new-test-job",
      version: 2,
      state: "deploying",
      message: "0 of 1",
      admits: "every node",
    },
  ],
  executions: [
    { id: EXECUTION, jobId: JOB, jobVersion: 2, nodeId: NODE, desired: "running", observed: "pending" },
  ],
};

const TABLES = {
  node: `ID                                    NAME   STATE      AGE\n${NODE}  edge1  Connected  2m\n`,
  job: `ID                                      NAME          TYPE      VERSION  STATE      MESSAGE\n${JOB}  new-test-job  pipeline  2        Deploying  0 of 1\nShowing 1 of 1 jobs\n`,
  execution: `ID                                      JOB           VERSION  NODE   STATE    DESIRED\n${EXECUTION}  new-test-job  2        edge1  PENDING  RUNNING\n`,
};

describe("a look at a build", () => {
  it.each([
    ["with bare lists", json({ node: NODES, job: JOBS, execution: NEW_NAMES })],
    [
      "with lists in `items`, over several lines, and a footer",
      json({
        node: `${JSON.stringify({ items: NODES, next_token: "" }, null, 2)}\n\nShowing 1 of 1 nodes\n`,
        job: `Showing 1 of 1 jobs\n${JSON.stringify({ items: JOBS })}`,
        execution: { next_token: null, items: NEW_NAMES },
      }),
    ],
    [
      "with lists under their own names, that says compute_state",
      json({ node: { nodes: NODES }, job: { jobs: JOBS, total: 1 }, execution: { executions: OLD_NAMES } }),
    ],
    [
      "that says states as words",
      json({
        node: NODES,
        job: JOBS,
        execution: executions({ desired_state: "Running", observed_state: "PENDING", compute_state: null }),
      }),
    ],
    ["that has tables alone", tables(TABLES)],
    ["that answers with a table where JSON was asked for", json(TABLES)],
    [
      "that has JSON of some lists, and tables of all",
      (argv: readonly string[]) =>
        argv[1] === "job" && argv.includes("json") ? unknownFlag() : tables(TABLES, NODES)(argv),
    ],
    [
      "whose tables have rules, colours, short ids and other titles",
      tables({
        node: `┌──────────┬───────┬──────────────────┐\n│ NODE ID  │ NAME  │ CONNECTION STATE │\n├──────────┼───────┼──────────────────┤\n│ ${NODE}│ edge1 │ \u001b[32mCONNECTED\u001b[0m        │\n└──────────┴───────┴──────────────────┘\n`,
        job: `Job ID                                  Name          Status     Version  Message\n--------                                ------------  ---------  -------  -------\n${JOB}  new-test-job  deploying  v2       0 of 1\n`,
        execution: `Execution ID                            Job ID      Job Version  Node ID   Compute State  Desired State\n${EXECUTION}  j-abaca9e4  2            6d03e72e  Pending        Running\n`,
      }),
    ],
  ])("%s", async (_what, answer) => {
    expect(await aBuild(answer).look()).toEqual(SEEN);
  });

  it.each([
    ["words", "No nodes found"],
    ["a sentence", "No nodes found.\n"],
    ["null", "null"],
    ["a wrapped null", '{"items":null}'],
    ["an empty wrapped list", '{"nodes":[],"next_token":""}'],
    ["nothing at all", "\n"],
    ["a footer", "[]\nShowing 0 of 0 nodes"],
  ])("that says of an empty list: %s", async (_what, said) => {
    const seen = await aBuild(json({ node: said, job: said, execution: said })).look();
    expect(seen).toEqual({ nodes: [], jobs: [], executions: [] });
  });

  it("whose tables tell no versions takes all for one", async () => {
    const seen = await aBuild(
      tables({
        ...TABLES,
        execution: `ID                                      JOB           NODE   STATE    DESIRED\n${EXECUTION}  new-test-job  edge1  PENDING  RUNNING\n`,
      }),
    ).look();
    expect(seen.jobs[0]?.version).toBe(seen.executions[0]?.jobVersion);
  });

  it("whose table does not tell two nodes apart says so", async () => {
    const node = `${TABLES.node}a50ccc87-f37b-4edc-a1a3-d5fba025d82e  edge1  Lost       1h\n`;
    await expect(aBuild(tables({ ...TABLES, node })).look()).rejects.toThrow(
      new ControlError(
        "execution list: the table says node edge1, and 2 are called so; only JSON tells them apart",
      ),
    );
  });

  it("whose table lacks a column says which", async () => {
    await expect(aBuild(tables({ ...TABLES, job: "ID  NAME\nj-1  x\n" })).look()).rejects.toThrow(
      new ControlError("job list: the table has no column state or status; it has id, name"),
    );
  });

  it("that refuses for another reason than its flags says what it said", async () => {
    const refused = () => ({ exitCode: 1, stdout: "", stderr: "unknown host orchestrator" });
    await expect(aBuild(refused).look()).rejects.toThrow(/exit 1: unknown host orchestrator$/);
  });
});

describe("a deployment by a build", () => {
  const file = { name: "new-job.yaml", text: "description: x\nname: new-test-job\n" };
  const deployed = { jobId: JOB, jobName: "new-test-job", version: 2 };
  const deploy = (answer: unknown) =>
    aBuild((argv) =>
      argv[2] === "deploy"
        ? result(answer)
        : json({ node: NODES, job: [OTHER_JOB, ...JOBS], execution: NEW_NAMES })(argv),
    ).deploy(file, { force: false });

  it.each([
    ["the job under its name", { job: JOBS[0], created: true, warnings: [] }],
    ["the bare job", JOBS[0]],
    ["its id alone", { job_id: JOB, evaluation_id: "x" }],
    ["words with its id", `Job successfully submitted\nJob ID: ${JOB}\n`],
    ["words without its id", "Job 'new-test-job' updated to version 2"],
  ])("that answers with %s", async (_what, answer) => {
    expect(await deploy(answer)).toEqual(deployed);
  });

  it("that has no such flag is asked once more without it, and hands over the same file", async () => {
    const asked: string[] = [];
    const control = aBuild((argv, stdin) => {
      asked.push(`${argv.slice(1).join(" ")} < ${stdin?.length ?? 0}`);
      if (argv.includes("json")) return unknownFlag();
      return argv[2] === "deploy" ? result("deployed") : tables(TABLES)(argv);
    });
    expect(await control.deploy(file, { force: true })).toEqual(deployed);
    expect(asked.slice(0, 2)).toEqual([
      `job deploy - --force --format json < ${file.text.length}`,
      `job deploy - --force < ${file.text.length}`,
    ]);
  });

  it("that lists no such job afterwards is no deployment", async () => {
    const control = aBuild((argv) => (argv[2] === "deploy" ? result("fine") : result("[]")));
    await expect(control.deploy(file, { force: false })).rejects.toThrow(
      new ControlError("job deploy: new-job.yaml is not in the job list; the answer was: fine"),
    );
  });
});

it("what runs on an edge may be wrapped, too", async () => {
  const control = aBuild(() => result({ executions: [{ execution_id: EXECUTION }] }));
  expect(await control.runningOn("edge1")).toEqual([EXECUTION]);
});

const OTHER_JOB = { ...JOBS[0], id: "j-1", spec: { name: "test-heartbeat" } };

type Answer = (argv: readonly string[], stdin?: string) => ReturnType<typeof result>;

function aBuild(answer: Answer) {
  const exec = (argv: readonly string[], options?: { readonly stdin?: string }) =>
    Promise.resolve(answer(argv, options?.stdin));
  return createCliControl({ machine: () => ({ exec }) } as unknown as Stack);
}

/** Answers by the kind that is listed. */
function json(answers: Readonly<Record<string, unknown>>): Answer {
  return (argv) => result(answers[argv[1] ?? ""]);
}

/** Knows no `--format`; `nodes` are the exception. */
function tables(answers: Readonly<Record<string, string>>, nodes?: unknown): Answer {
  return (argv) => {
    if (!argv.includes("json")) return result(answers[argv[1] ?? ""]);
    return argv[1] === "node" && nodes !== undefined ? result(nodes) : unknownFlag();
  };
}

function unknownFlag() {
  return { exitCode: 1, stdout: "", stderr: "Error: unknown flag: --format\n" };
}

function result(said: unknown) {
  return { exitCode: 0, stdout: typeof said === "string" ? said : JSON.stringify(said), stderr: "" };
}
