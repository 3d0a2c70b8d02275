import { describe, expect, it } from "vitest";
import type { Plan, Snapshot } from "../../model/plan.ts";
import {
  aJob,
  aNode,
  anEvaluation,
  anExecution,
  aSelector,
  aSnapshot,
} from "../../test-kit/model-builders.ts";
import { reconcile } from "./reconcile.ts";

const look = (
  snapshot: Partial<Snapshot>,
  redispatch: (snapshot: Snapshot) => readonly string[] = () => [],
): Plan => reconcile(aSnapshot(snapshot), redispatch);

/** What a plan changes, without what it only tells. */
const steps = ({ stop, cancel, redispatch, fail, place }: Plan) => ({
  stop,
  cancel,
  redispatch,
  fail,
  place,
});
const NOTHING = { stop: [], cancel: [], redispatch: [], fail: [], place: [] };

const ON_SSD = aJob({ spec: { selector: aSelector({ match_labels: { disk: "ssd" } }) } });

it("says which evaluation, job and state of the store it is about", () => {
  const plan = look({ seq: 42, evaluation: anEvaluation({ id: "v5" }), job: aJob({ id: "j5" }) });
  expect(plan).toMatchObject({ evaluationId: "v5", jobId: "j5", basedOnSeq: 42 });
});

it("leaves alone what runs as it should", () => {
  const plan = look({ executions: [anExecution({ observed: "running" })] });
  expect(steps(plan)).toEqual(NOTHING);
});

describe("a job that is not wanted any more", () => {
  const job = aJob({ wanted: false });

  it("has its running executions stopped and its pending ones cancelled", () => {
    const plan = look({
      job,
      nodes: [aNode("n1"), aNode("n2")],
      executions: [
        anExecution({ id: "e1", nodeId: "n1", observed: "running" }),
        anExecution({ id: "e2", nodeId: "n2", observed: "pending" }),
      ],
    });
    expect(steps(plan)).toEqual({
      ...NOTHING,
      stop: [{ executionId: "e1", why: "the job was stopped" }],
      cancel: [{ executionId: "e2", why: "the job was stopped" }],
    });
  });

  it("has nothing stopped twice: the edge was told, its report ends it", () => {
    const plan = look({ job, executions: [anExecution({ desired: "stopped", observed: "running" })] });
    expect(steps(plan)).toEqual(NOTHING);
  });

  it("is placed nowhere", () => {
    expect(steps(look({ job }))).toEqual(NOTHING);
  });

  it("has what runs on a lost node ended: nobody is there to report the stop", () => {
    const plan = look({
      job,
      nodes: [aNode("n1", { connection: "lost" })],
      executions: [anExecution({ observed: "running" })],
    });
    expect(steps(plan)).toEqual({
      ...NOTHING,
      stop: [{ executionId: "e1", why: "the job was stopped" }],
      fail: [{ executionId: "e1", why: "its node was lost" }],
    });
  });
});

describe("a node that no longer matches", () => {
  it("has its running execution stopped", () => {
    const plan = look({ job: ON_SSD, executions: [anExecution({ observed: "running" })] });
    expect(steps(plan)).toEqual({
      ...NOTHING,
      stop: [{ executionId: "e1", why: "its node no longer matches the selector" }],
    });
  });

  it("has its pending execution cancelled", () => {
    const plan = look({ job: ON_SSD, executions: [anExecution()] });
    expect(steps(plan)).toEqual({
      ...NOTHING,
      cancel: [{ executionId: "e1", why: "its node no longer matches the selector" }],
    });
  });
});

describe("an outdated execution", () => {
  const job = aJob({ version: 2 });

  it("is cancelled while pending, and the new version placed at once", () => {
    const plan = look({ job, executions: [anExecution({ jobVersion: 1 })] });
    expect(steps(plan)).toEqual({
      ...NOTHING,
      cancel: [{ executionId: "e1", why: "outdated by version 2" }],
      place: [{ nodeId: "n1", replaces: undefined, attempt: 0 }],
    });
  });

  it("is stopped while running, and the new version waits until it has stopped", () => {
    const executions = [anExecution({ jobVersion: 1, observed: "running" })];
    const plan = look({ job, executions });
    expect(steps(plan)).toEqual({
      ...NOTHING,
      stop: [{ executionId: "e1", why: "outdated by version 2" }],
    });
    expect(plan.avoided).toEqual([{ nodeId: "n1", because: "e1 of this job is running" }]);
    expect(plan.blockedOn).toEqual({ kind: "nodes", nodeIds: ["n1"] });
  });

  it("that has stopped makes room", () => {
    const plan = look({
      job,
      executions: [anExecution({ jobVersion: 1, desired: "stopped", observed: "stopped" })],
    });
    expect(steps(plan)).toEqual({
      ...NOTHING,
      place: [{ nodeId: "n1", replaces: undefined, attempt: 0 }],
    });
  });

  it("on a lost node is cancelled or failed, and the node gets nothing", () => {
    const plan = look({
      job,
      nodes: [aNode("n1", { connection: "lost" }), aNode("n2", { connection: "lost" })],
      executions: [
        anExecution({ id: "e1", nodeId: "n1", jobVersion: 1, observed: "pending" }),
        anExecution({ id: "e2", nodeId: "n2", jobVersion: 1, observed: "running" }),
      ],
    });
    expect(steps(plan)).toEqual({
      ...NOTHING,
      cancel: [{ executionId: "e1", why: "outdated by version 2" }],
      stop: [{ executionId: "e2", why: "outdated by version 2" }],
      fail: [{ executionId: "e2", why: "its node was lost" }],
    });
  });
});

describe("the recovery strategy", () => {
  it("has a say: what it names is dispatched again", () => {
    const plan = look({ executions: [anExecution()] }, ({ executions }) => executions.map((e) => e.id));
    expect(steps(plan)).toEqual({ ...NOTHING, redispatch: ["e1"] });
  });

  it("is given the snapshot that the plan is made from", () => {
    const seen: Snapshot[] = [];
    const snapshot = aSnapshot();
    reconcile(snapshot, (given) => {
      seen.push(given);
      return [];
    });
    expect(seen).toEqual([snapshot]);
  });

  it("cannot dispatch again what this plan ends", () => {
    const plan = look(
      {
        job: aJob({ version: 2 }),
        nodes: [aNode("n1"), aNode("n2", { connection: "lost" })],
        executions: [
          anExecution({ id: "e1", nodeId: "n1", jobVersion: 1 }),
          anExecution({ id: "e2", nodeId: "n2", jobVersion: 2 }),
        ],
      },
      () => ["e1", "e2"],
    );
    expect(plan.redispatch).toEqual([]);
  });

  it("without one a pending execution counts as taken care of, on a join too: the bug", () => {
    const plan = look({ evaluation: anEvaluation({ trigger: "node-join" }), executions: [anExecution()] });
    expect(steps(plan)).toEqual(NOTHING);
  });
});

describe("a node that will not come back", () => {
  it.each([
    ["lost", [aNode("n1", { connection: "lost" })]],
    ["deleted", [aNode("n1", { connection: "deleted" })]],
    ["unknown", []],
  ] as const)("because it is %s has its executions failed", (_, nodes) => {
    for (const observed of ["pending", "running"] as const) {
      const plan = look({ nodes, executions: [anExecution({ observed })] });
      expect(steps(plan)).toEqual({
        ...NOTHING,
        fail: [{ executionId: "e1", why: "its node was lost" }],
      });
    }
  });

  it("leaves the executions elsewhere untouched", () => {
    const plan = look({
      nodes: [aNode("n1", { connection: "lost" }), aNode("n2")],
      executions: [
        anExecution({ id: "e1", nodeId: "n1", observed: "running" }),
        anExecution({ id: "e2", nodeId: "n2", observed: "running" }),
      ],
    });
    expect(steps(plan)).toEqual({ ...NOTHING, fail: [{ executionId: "e1", why: "its node was lost" }] });
  });

  it("has what had ended there left as it was", () => {
    const plan = look({
      nodes: [aNode("n1", { connection: "lost" })],
      executions: [anExecution({ observed: "completed" })],
    });
    expect(steps(plan)).toEqual(NOTHING);
  });

  it("gets a new execution if it does come back", () => {
    const plan = look({ executions: [anExecution({ desired: "stopped", observed: "failed" })] });
    expect(steps(plan)).toEqual({ ...NOTHING, place: [{ nodeId: "n1", replaces: "e1", attempt: 0 }] });
  });
});

it("tolerates a disconnected node: its execution goes on, and it is placed on", () => {
  const plan = look({
    nodes: [aNode("n1", { connection: "disconnected" }), aNode("n2", { connection: "disconnected" })],
    executions: [anExecution({ observed: "running" })],
  });
  expect(steps(plan)).toEqual({ ...NOTHING, place: [{ nodeId: "n2", replaces: undefined, attempt: 0 }] });
});

describe("placement", () => {
  it("covers every matching node, in the order of the nodes", () => {
    const ssd = { labels: { disk: "ssd" } };
    const plan = look({
      job: ON_SSD,
      nodes: [aNode("n1", ssd), aNode("n2"), aNode("n3", { ...ssd, connection: "disconnected" })],
    });
    expect(plan.place).toEqual([
      { nodeId: "n1", replaces: undefined, attempt: 0 },
      { nodeId: "n3", replaces: undefined, attempt: 0 },
    ]);
  });

  it.each(["lost", "deleted"] as const)("leaves out a %s node", (connection) => {
    expect(look({ nodes: [aNode("n1", { connection })] }).place).toEqual([]);
  });

  it("gives a node that joins a running job its own execution", () => {
    const plan = look({
      evaluation: anEvaluation({ trigger: "node-join" }),
      nodes: [aNode("n1"), aNode("n2")],
      executions: [anExecution({ observed: "running" })],
    });
    expect(steps(plan)).toEqual({ ...NOTHING, place: [{ nodeId: "n2", replaces: undefined, attempt: 0 }] });
  });

  it("is satisfied by a completed execution of the current version", () => {
    expect(look({ executions: [anExecution({ observed: "completed" })] }).place).toEqual([]);
  });

  it("is not satisfied by a completed execution of an older version", () => {
    const plan = look({ job: aJob({ version: 2 }), executions: [anExecution({ observed: "completed" })] });
    expect(plan.place).toEqual([{ nodeId: "n1", replaces: undefined, attempt: 0 }]);
  });

  it.each(["stopped", "cancelled"] as const)("takes the place of a %s execution", (observed) => {
    const plan = look({ executions: [anExecution({ desired: "stopped", observed })] });
    expect(plan.place).toEqual([{ nodeId: "n1", replaces: "e1", attempt: 0 }]);
  });

  it("goes by the newest execution on a node", () => {
    const plan = look({
      executions: [
        anExecution({ id: "e1", observed: "completed" }),
        anExecution({ id: "e2", desired: "stopped", observed: "stopped" }),
      ],
    });
    expect(plan.place).toEqual([{ nodeId: "n1", replaces: "e2", attempt: 0 }]);
  });
});

describe("stuck executions", () => {
  const joined = anEvaluation({ trigger: "node-join" });

  it("are reported when a node joins: pending, wanted running, on a connected node", () => {
    expect(look({ evaluation: joined, executions: [anExecution()] }).stuck).toEqual(["e1"]);
  });

  it.each([
    "job-create",
    "job-update",
    "job-stop",
    "job-rerun",
    "node-leave",
    "exec-update",
    "restart",
  ] as const)("are not looked for on %s", (trigger) => {
    expect(look({ evaluation: anEvaluation({ trigger }), executions: [anExecution()] }).stuck).toEqual([]);
  });

  it("are none of those that run, are not wanted, or wait for a node that is away", () => {
    const reported = [
      look({ evaluation: joined, executions: [anExecution({ observed: "running" })] }),
      look({ evaluation: joined, executions: [anExecution({ desired: "pending" })] }),
      look({
        evaluation: joined,
        nodes: [aNode("n1", { connection: "disconnected" })],
        executions: [anExecution()],
      }),
      look({ evaluation: joined, job: aJob({ wanted: false }), executions: [anExecution()] }),
      look({ evaluation: joined, job: aJob({ version: 2 }), executions: [anExecution()] }),
    ];
    expect(reported.flatMap((plan) => plan.stuck)).toEqual([]);
  });
});
