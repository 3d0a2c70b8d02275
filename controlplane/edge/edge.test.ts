import { describe, expect, it } from "vitest";
import { nodeSubject, subjectTo } from "../protocol/subjects.ts";
import { someCredentials } from "../test-kit/a-cluster-key.ts";
import { aHost } from "../test-kit/a-host.ts";
import { aUuid, createCountingRandom } from "../test-kit/counting-random.ts";
import { createManualClock } from "../test-kit/manual-clock.ts";
import { createMemoryBroker } from "../test-kit/memory-bus.ts";
import { createMemoryDisk } from "../test-kit/memory-disk.ts";
import { ENDLESS_PIPELINE } from "../test-kit/model-builders.ts";
import { createRecordingLog } from "../test-kit/recording-log.ts";
import { createEdge } from "./edge.ts";
import { IdentityError } from "./identity.ts";

const N1 = aUuid(1);
const RUN = {
  kind: "run_execution",
  execution_id: "e1",
  job_id: "j1",
  job_name: "job-one",
  job_version: 1,
  pipeline: ENDLESS_PIPELINE,
};

/** An edge with an identity, or with what the test puts on its disk; `order` is what it does on the bus. */
function anEdge(files: Readonly<Record<string, string>> = { "identity.json": `{"node_id":"${N1}"}` }) {
  const clock = createManualClock();
  const log = createRecordingLog();
  const broker = createMemoryBroker(clock);
  const disk = createMemoryDisk(files);
  const order: string[] = [];
  const connection = broker.connect();
  const edge = createEdge(
    {
      connect: () =>
        Promise.resolve({
          ...connection,
          subscribe: (subject, handler) => {
            order.push(`subscribe ${subject}`);
            return connection.subscribe(subject, handler);
          },
          publish: (subject, payload) => {
            order.push(`publish ${subject}`);
            connection.publish(subject, payload);
          },
          request: (subject, payload, options) => {
            order.push(`request ${subject}`);
            return connection.request(subject, payload, options);
          },
        }),
      clock,
      disk,
      log,
      host: aHost(),
      random: createCountingRandom(),
      credentials: someCredentials(),
      http: { request: () => Promise.reject(new Error("not asked in this test")) },
    },
    { name: "edge1", labels: {} },
  );
  const orchestrator = broker.connect();
  const tell = (payload: unknown) => {
    orchestrator.publish(nodeSubject(N1), typeof payload === "string" ? payload : JSON.stringify(payload));
    clock.advance(0);
  };
  const reports = () =>
    broker.published
      .filter(({ subject }) => subject === subjectTo("status", N1))
      .map(({ payload }) => JSON.parse(payload) as unknown);
  const runs = async () => {
    const request = { method: "GET", target: "/executions", authorization: undefined, body: "" };
    return JSON.parse((await edge.api(request)).body) as unknown;
  };
  return { clock, log, disk, order, edge, tell, reports, runs };
}

const ACCEPTED = {
  execution_id: "e1",
  job: { id: "j1", name: "job-one", version: 1 },
  pipeline: ENDLESS_PIPELINE,
  state: "accepted",
  message: "accepted",
};

describe("a start", () => {
  it("listens before it introduces itself, so that nothing sent after the handshake misses it", async () => {
    const { edge, order } = anEdge();
    await edge.start();
    expect(order).toEqual([`subscribe ${nodeSubject(N1)}`, `request ${subjectTo("handshake", N1)}`]);
  });

  it("resumes first what it had accepted", async () => {
    const { edge, order, reports } = anEdge({
      "identity.json": `{"node_id":"${N1}"}`,
      "executions/e1.json": JSON.stringify(ACCEPTED),
    });
    await edge.start();
    expect(order[0]).toBe(`publish ${subjectTo("status", N1)}`);
    expect(reports()).toEqual([
      { node_id: N1, execution_id: "e1", state: "running", message: "the pipeline runs" },
    ]);
  });

  it("fails with a damaged identity, before anything of it can be seen", async () => {
    const { edge, order } = anEdge({ "identity.json": "{" });
    await expect(edge.start()).rejects.toThrow(IdentityError);
    expect(order).toEqual([]);
  });
});

describe("a command", () => {
  it("is carried out, and reported with the node's id", async () => {
    const { edge, tell, reports } = anEdge();
    await edge.start();
    tell(RUN);
    tell({ kind: "stop_execution", execution_id: "e1", reason: "enough" });
    expect(reports()).toEqual([
      { node_id: N1, execution_id: "e1", state: "running", message: "the pipeline runs" },
      { node_id: N1, execution_id: "e1", state: "stopped", message: "enough" },
    ]);
  });

  it.each([
    ["that is not JSON", "run!", "not JSON"],
    ["of an unknown kind", { ...RUN, kind: "pause_execution" }, /^kind: /],
    ["without an execution", { ...RUN, execution_id: "" }, /^execution_id: /],
    ["for an execution with an impossible id", { ...RUN, execution_id: "../e1" }, /^execution_id: /],
    ["for an execution with an endless id", { ...RUN, execution_id: "e".repeat(300) }, /^execution_id: /],
    ["with a version that is no number", { ...RUN, job_version: "1" }, /^job_version: /],
  ])("%s is ignored, and the next one is not", async (_, payload, problem) => {
    const { edge, tell, reports, log, disk } = anEdge();
    await edge.start();
    tell(payload);
    expect(reports()).toEqual([]);
    expect([...disk.files.keys()]).toEqual(["identity.json"]);
    expect(log.told("EDGE: Malformed")).toEqual(["warn EDGE: Malformed command ignored"]);
    expect(log.fields("EDGE: Malformed")[0]?.["problem"]).toMatch(problem);
    tell(RUN);
    expect(reports().length).toBe(1);
  });
});

describe("what really runs", () => {
  it("can be asked on the machine itself", async () => {
    const { edge, tell, runs } = anEdge();
    expect(await runs()).toEqual([]);
    await edge.start();
    expect(await runs()).toEqual([]);
    tell(RUN);
    const running = {
      execution_id: "e1",
      job_id: "j1",
      job_name: "job-one",
      job_version: 1,
      state: "running",
    };
    expect(await runs()).toEqual([running]);
    tell({ kind: "stop_execution", execution_id: "e1", reason: "enough" });
    expect(await runs()).toEqual([]);
  });
});

it("ends everything with a stop", async () => {
  const { edge, tell, reports, clock, runs } = anEdge();
  await edge.start();
  tell(RUN);
  await edge.stop();
  tell({ ...RUN, execution_id: "e2" });
  await clock.pass(60_000);
  expect([await runs(), reports().length, clock.waiting().tasks]).toEqual([[], 1, 0]);
});
