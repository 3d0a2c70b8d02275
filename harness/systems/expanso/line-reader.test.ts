import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createExpansoLineReader } from "./line-reader.ts";
import { BROKER, PATTERNS } from "./patterns.ts";

const TIME = "2026-11-21T22:57:45.806Z";
const NODE_ID = "6d03e72e-3059-4377-b1ef-f38bce2cecc6";
const EXECUTION =
  `execution_id=e-29748dd6-4a2c-4ec0-8155-f70c7d3de955 node_id=${NODE_ID} node_name=edge2 job=new-test-job ` +
  "job_id=j-abaca9e4-86e7-49a0-8706-d62e9462d301 eval_id=a50ccc87-f37b-4edc-a1a3-d5fba025d82e";
const FIELDS = {
  execution_id: "e-29748dd6-4a2c-4ec0-8155-f70c7d3de955",
  node_id: NODE_ID,
  node_name: "edge2",
  job: "new-test-job",
  job_id: "j-abaca9e4-86e7-49a0-8706-d62e9462d301",
  eval_id: "a50ccc87-f37b-4edc-a1a3-d5fba025d82e",
};
const NODE = `node_id=${NODE_ID} node_name=edge2`;

/** Each pattern's line as the control plane prints it, after the time; and some of its fields. */
const LINES: Readonly<
  Record<keyof typeof PATTERNS, readonly [line: string, fields: Record<string, string>]>
> = {
  dispatchAttempt: [
    `INFO  DISPATCH: Attempting to send message ${EXECUTION} message=run_execution`,
    { ...FIELDS, message: "run_execution" },
  ],
  dispatchSkipped: [
    `ERROR DISPATCH: Failed to send message - EVENT WILL BE SKIPPED ${EXECUTION} message=run_execution error="NodeNotConnectedError: ErrNodeNotConnected: no data plane for node ${NODE_ID}"`,
    { ...FIELDS, error: `NodeNotConnectedError: ErrNodeNotConnected: no data plane for node ${NODE_ID}` },
  ],
  edgeStateChanged: [
    `INFO  EDGE: Execution state changed execution_id=${FIELDS.execution_id} job=new-test-job job_id=${FIELDS.job_id} from=accepted to=running why="the pipeline runs"`,
    { execution_id: FIELDS.execution_id, job_id: FIELDS.job_id, from: "accepted", to: "running" },
  ],
  executionResumed: [
    `INFO  EDGE: Resuming execution execution_id=${FIELDS.execution_id} job=new-test-job job_id=${FIELDS.job_id}`,
    { execution_id: FIELDS.execution_id, job_id: FIELDS.job_id },
  ],
  published: [
    `INFO  PUBLISH: connection_exists=true connection_alive=true ${EXECUTION} message=run_execution`,
    { ...FIELDS, connection_exists: "true", connection_alive: "true" },
  ],
  publishLost: [
    `WARN  PUBLISH: Node not connected - message will be LOST ${EXECUTION} message=run_execution connection_exists=false connection_alive=false root_cause="controlplane/orchestrator/dispatcher/dispatcher.ts reads events with onFailure=skip" issue=github.com/expanso-io/expanso/issues/395`,
    {
      ...FIELDS,
      connection_exists: "false",
      root_cause: "controlplane/orchestrator/dispatcher/dispatcher.ts reads events with onFailure=skip",
      issue: "github.com/expanso-io/expanso/issues/395",
    },
  ],
  publishRefused: [
    `WARN  PUBLISH: Node not connected - returning ErrNodeNotConnected ${EXECUTION} message=run_execution connection_exists=true connection_alive=false`,
    { ...FIELDS, connection_exists: "true", connection_alive: "false" },
  ],
  requestReceived: [
    "INFO  EDGE: Received RunExecutionRequest execution_id=e-de185af5 job=test-heartbeat job_id=j-d5fd1d31",
    { execution_id: "e-de185af5", job: "test-heartbeat", job_id: "j-d5fd1d31" },
  ],
  stopReceived: [
    'INFO  EDGE: Received StopExecutionRequest execution_id=e-de185af5 job=test-heartbeat reason="replaced by version 2"',
    { execution_id: "e-de185af5", reason: "replaced by version 2" },
  ],
  handshake: [
    `INFO  HANDSHAKE: Node handshake completed ${NODE} previous_state=connected data_plane=ready`,
    { node_id: NODE_ID, node_name: "edge2", previous_state: "connected", data_plane: "ready" },
  ],
  dataPlaneReady: [`INFO  TRANSPORT: Data plane ready ${NODE}`, { node_id: NODE_ID, node_name: "edge2" }],
  batchQueued: [
    `INFO  REEVALUATOR: queuing for batch ${NODE} trigger=node-join batch_ms=1000`,
    { node_name: "edge2", trigger: "node-join", batch_ms: "1000" },
  ],
  batchStarted: ["INFO  REEVALUATOR: Processing batch - START events=1", { events: "1" }],
  evaluationCreated: [
    "INFO  REEVALUATOR: Created evaluation for job (trigger=node-join) job=new-test-job job_id=j-abaca9e4 eval_id=a50ccc87",
    { trigger: "node-join", job: "new-test-job", job_id: "j-abaca9e4" },
  ],
  rolloutChecked: [
    "INFO  RECONCILER: Checking rollout completion unscheduled_count=2 is_wave_conclusive=false job=new-test-job job_id=j-abaca9e4 eval_id=a50ccc87 trigger=node-join state=deploying place=0 stop=0",
    {
      unscheduled_count: "2",
      is_wave_conclusive: "false",
      job_id: "j-abaca9e4",
      trigger: "node-join",
      state: "deploying",
      place: "0",
    },
  ],
  stuckDetected: [
    `WARN  RECONCILER: STUCK EXECUTIONS DETECTED - dispatch may have failed ${EXECUTION} trigger=node-join root_cause="controlplane/orchestrator/dispatcher/dispatcher.ts never sends an event twice" dispatch_code="controlplane/orchestrator/transport/transport.ts publishAsync"`,
    {
      ...FIELDS,
      trigger: "node-join",
      root_cause: "controlplane/orchestrator/dispatcher/dispatcher.ts never sends an event twice",
    },
  ],
  nodeAvoided: [
    `INFO  RECONCILER: nodesToAvoid ${NODE_ID} skipping ${NODE} job=third-test-job job_id=j-3 eval_id=a-3 trigger=job-create avoid=any-job because="an execution is pending there"`,
    { node_name: "edge2", avoid: "any-job", because: "an execution is pending there" },
  ],
  nodeLeft: [
    `WARN  NODE: leave - marked disconnected ${NODE} why="no heartbeat for 3004 ms"`,
    { state: "disconnected", node_id: NODE_ID, why: "no heartbeat for 3004 ms" },
  ],
  statusChanged: [
    `INFO  STATUS: Execution state changed ${EXECUTION} from=pending to=running`,
    { ...FIELDS, from: "pending", to: "running" },
  ],
  apiListening: ["INFO  API: Listening port=9010", { port: "9010" }],
  orchestratorStarted: [
    "INFO  ORCHESTRATOR: Started recovery=none avoid=any-job",
    { recovery: "none", avoid: "any-job" },
  ],
  eventBlocked: [
    `WARN  WATCHER: Event failed, everything behind it waits watcher=dispatcher event=execution-created seq=17 retry_in_ms=400 error="NodeNotConnectedError: ErrNodeNotConnected: no data plane for node ${NODE_ID}"`,
    { watcher: "dispatcher", seq: "17", retry_in_ms: "400" },
  ],
  illegalMove: [
    "ERROR STORE: Illegal state move refused execution_id=e-1 from=failed to=running",
    { execution_id: "e-1", from: "failed", to: "running" },
  ],
};
const NAMES = Object.keys(LINES) as (keyof typeof PATTERNS)[];

describe.each(NAMES)("%s", (name) => {
  const pattern = PATTERNS[name];
  const [line, fields] = LINES[name];
  const machine = pattern.source === "edge" ? "edge2" : pattern.source;

  it("is read from the line that the control plane prints, with its fields", () => {
    const text = `${TIME} ${line}`;
    const [reading, ...more] = readingsOf(machine, text);
    expect(more).toEqual([]);
    expect(reading).toMatchObject({ pattern, machine, timeMs: Date.parse(TIME), text, fields });
  });

  it("is matched by no other pattern", () => {
    const others = NAMES.filter((other) => PATTERNS[other].match.test(line.replace(/^[A-Z]+ +/, "")));
    expect(others).toEqual([name]);
  });

  it("is not what another kind of machine says", () => {
    expect(readingsOf(machine === "edge2" ? "orchestrator" : "edge2", `${TIME} ${line}`)).toEqual([]);
    expect(readingsOf("nats", `${TIME} ${line}`)).toEqual([]);
  });

  it("is not a line that merely begins or ends like it", () => {
    const message = line.replace(/^[A-Z]+ +/, "");
    const [said = ""] = pattern.match.exec(message) ?? [];
    expect([said, `${said} x=1`, `so ${said}`, `${said}er`].map((text) => pattern.match.test(text))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe("lines like these, but not these", () => {
  it.each([
    [
      "another strategy's failure",
      `WARN  DISPATCH: Failed to send message - event will be retried ${EXECUTION}`,
    ],
    ["a report that changes nothing", `DEBUG STATUS: Report repeats what is known ${EXECUTION}`],
    ["a node that is deleted", `WARN  NODE: leave - deleted ${NODE} reason=retired`],
    ["a registration", `INFO  NODE: Registered ${NODE}`],
    ["a question to the API", "DEBUG API: Request method=GET path=/api/v1/jobs status=200"],
  ])("%s", (_what, line) => {
    expect(readingsOf("orchestrator", `${TIME} ${line}`)).toEqual([]);
  });

  it("a pipeline's own output on an edge", () => {
    const output = '{"message":"heartbeat","timestamp":"2026-11-21T22:57:43.410Z","hostname":"edge1"}';
    expect(readingsOf("edge1", output)).toEqual([]);
  });
});

it("gives a lost node its own state", () => {
  const [reading] = readingsOf("orchestrator", `${TIME} WARN  NODE: leave - marked lost ${NODE} why=silent`);
  expect(reading).toMatchObject({ pattern: PATTERNS.nodeLeft, fields: { state: "lost" } });
});

it("takes the time of arrival for a line whose own makes no sense", () => {
  const text = `2026-99-99T99:99:99Z ${LINES.dataPlaneReady[0]}`;
  expect(readingsOf("orchestrator", text)).toMatchObject([{ timeMs: 7 }]);
});

it("reads the broker's lines with a memory of its own for every run", () => {
  const head = '[1] 2026/11/21 22:57:43.941951 [TRC] 10.201.4.131:36116 - cid:6 - "v3.4.0:nats.js:o" - <<- ';
  const [one, two] = [createExpansoLineReader(), createExpansoLineReader()];
  one({ machine: "nats", text: `${head}[PUB expanso.node.n1.in 369]`, atMs: 7 });
  const payload = { machine: "nats", text: `${head}MSG_PAYLOAD: ["{}"]`, atMs: 7 };
  expect(two(payload)).toEqual([]);
  expect(one(payload)).toMatchObject([{ pattern: BROKER.published }]);
});

it("every pattern has a name of its own", () => {
  const names = [...Object.values(PATTERNS), ...Object.values(BROKER)].map((pattern) => pattern.name);
  expect(new Set(names).size).toBe(names.length);
});

it("never throws, whatever a machine prints", () => {
  const read = createExpansoLineReader();
  const lines = fc.oneof(
    fc.string(),
    fc.constantFrom(...NAMES).map((name) => `${TIME} ${LINES[name][0]}`),
  );
  fc.assert(
    fc.property(fc.constantFrom("nats", "orchestrator", "edge1"), lines, (machine, text) => {
      for (const reading of read({ machine, text, atMs: 7 }))
        expect(reading.timeMs).toSatisfy(Number.isFinite);
    }),
  );
});

function readingsOf(machine: string, text: string) {
  return createExpansoLineReader()({ machine, text, atMs: 7 });
}
