import { describe, expect, it } from "vitest";
import type { Plan } from "../../model/plan.ts";
import { aStore, addExecution, deployJob, putNode, withoutNumber } from "../../test-kit/a-store.ts";
import { createCountingRandom } from "../../test-kit/counting-random.ts";
import { IllegalMoveError } from "../contracts.ts";
import { createPlanner } from "./planner.ts";

/** `j1` on the connected nodes `n1` and `n2`, nothing placed yet. */
function aPlanner() {
  const { store, log } = aStore();
  putNode(store, "n1");
  putNode(store, "n2");
  deployJob(store, "j1");
  const planner = createPlanner({ store, random: createCountingRandom() });
  const aPlan = (plan: Partial<Plan> = {}): Plan => ({
    evaluationId: "v1",
    jobId: "j1",
    basedOnSeq: store.lastSeq(),
    stop: [],
    cancel: [],
    redispatch: [],
    fail: [],
    place: [],
    stuck: [],
    avoided: [],
    state: store.job("j1")?.state ?? { type: "pending", message: "" },
    unscheduledCount: 0,
    isWaveConclusive: false,
    ...plan,
  });
  const since = (seq: number) => store.eventsAfter(seq, 100).map(withoutNumber);
  return { store, log, planner, aPlan, since };
}

const E1 = { executionId: "e1", jobId: "j1", nodeId: "n1" };

describe("a plan is applied", () => {
  it("stop: no longer wanted, and it is for the edge to say that it ended", () => {
    const { store, planner, aPlan, since } = aPlanner();
    addExecution(store);
    const seq = store.lastSeq();
    expect(planner.apply(aPlan({ stop: [{ executionId: "e1", why: "enough" }] }))).toBe("applied");
    expect(store.execution("e1")).toMatchObject({
      desired: { state: "stopped", message: "enough" },
      observed: { state: "pending" },
    });
    expect(since(seq)).toEqual([{ kind: "execution-desired", ...E1, to: "stopped" }]);
  });

  it("cancel: not wanted and ended, in that order", () => {
    const { store, planner, aPlan, since } = aPlanner();
    addExecution(store);
    const seq = store.lastSeq();
    planner.apply(aPlan({ cancel: [{ executionId: "e1", why: "outdated" }] }));
    expect(store.execution("e1")).toMatchObject({
      desired: { state: "stopped", message: "outdated" },
      observed: { state: "cancelled", message: "outdated" },
    });
    expect(since(seq)).toEqual([
      { kind: "execution-desired", ...E1, to: "stopped" },
      { kind: "execution-observed", ...E1, to: "cancelled", by: "plan" },
    ]);
  });

  it("fail: not wanted and failed", () => {
    const { store, planner, aPlan } = aPlanner();
    addExecution(store);
    planner.apply(aPlan({ fail: [{ executionId: "e1", why: "its node was lost" }] }));
    expect(store.execution("e1")).toMatchObject({
      desired: { state: "stopped", message: "its node was lost" },
      observed: { state: "failed", message: "its node was lost" },
    });
  });

  it("stop and fail of the same execution, as on a lost node", () => {
    const { store, planner, aPlan } = aPlanner();
    addExecution(store);
    const change = { executionId: "e1", why: "w" };
    expect(planner.apply(aPlan({ stop: [change], fail: [change] }))).toBe("applied");
    expect(store.execution("e1")).toMatchObject({
      desired: { state: "stopped" },
      observed: { state: "failed" },
    });
  });

  it("redispatch: an event, and no change", () => {
    const { store, planner, aPlan, since } = aPlanner();
    addExecution(store);
    const [seq, before] = [store.lastSeq(), store.execution("e1")];
    planner.apply(aPlan({ redispatch: ["e1", "e-unknown"] }));
    expect(store.execution("e1")).toEqual(before);
    expect(since(seq)).toEqual([{ kind: "execution-redispatch", ...E1 }]);
  });

  it("place: a pending execution of the newest version, linked to the one it replaces", () => {
    const { store, planner, aPlan } = aPlanner();
    addExecution(store);
    planner.apply(aPlan({ fail: [{ executionId: "e1", why: "w" }] }));
    deployJob(store, "j1");
    planner.apply(
      aPlan({
        place: [
          { nodeId: "n1", replaces: "e1", attempt: 3 },
          { nodeId: "n2", attempt: 0 },
        ],
      }),
    );
    const [first, second, third] = store.executions();
    expect(first).toMatchObject({ id: "e1", nextExecutionId: second?.id });
    expect(second).toMatchObject({
      id: "e-00000000-0000-4000-8000-000000000001",
      evalId: "v1",
      jobId: "j1",
      jobVersion: 2,
      nodeId: "n1",
      attempt: 3,
      previousExecutionId: "e1",
      desired: { state: "running" },
      observed: { state: "pending" },
    });
    expect(third).toMatchObject({ nodeId: "n2", attempt: 0, desired: { state: "running" } });
    expect(third?.previousExecutionId).toBeUndefined();
  });

  it("state: written when it says something new, told when its type does", () => {
    const { store, planner, aPlan, since } = aPlanner();
    const seq = store.lastSeq();
    planner.apply(aPlan({ state: { type: "deploying", message: "1 of 2" } }));
    planner.apply(aPlan({ state: { type: "deploying", message: "2 of 2" } }));
    const { revision } = store.job("j1") ?? {};
    planner.apply(aPlan({ state: { type: "deploying", message: "2 of 2" } }));
    expect(store.job("j1")).toMatchObject({ revision, state: { type: "deploying", message: "2 of 2" } });
    expect(since(seq)).toEqual([{ kind: "job-state", jobId: "j1", to: "deploying" }]);
  });
});

describe("a plan from a stale snapshot is refused", () => {
  it.each<[string, (parts: ReturnType<typeof aPlanner>) => void]>([
    ["the job was deployed again", ({ store }) => deployJob(store, "j1")],
    ["the job was stopped", ({ store }) => store.change((w) => w.setJob("j1", { wanted: false }))],
    ["an execution was placed", ({ store }) => addExecution(store, { id: "e2", nodeId: "n2" })],
    [
      "an edge reported",
      ({ store }) =>
        store.change((w) =>
          w.setExecution("e1", { observed: { state: "running", message: "" }, by: "edge" }),
        ),
    ],
    ["a node joined", ({ store }) => putNode(store, "n3")],
    ["a node changed", ({ store }) => putNode(store, "n1", { connection: "disconnected" })],
    [
      "another job was placed, so that a node may have to be avoided",
      ({ store }) => {
        addExecution(store, { id: "e9", jobId: "j9" });
      },
    ],
  ])("%s", (_, change) => {
    const parts = aPlanner();
    const { store, planner, aPlan } = parts;
    addExecution(store);
    const plan = aPlan({
      cancel: [{ executionId: "e1", why: "w" }],
      place: [{ nodeId: "n2", attempt: 0 }],
      state: { type: "running", message: "all" },
    });
    change(parts);
    const [seq, executions, job] = [store.lastSeq(), store.executions(), store.job("j1")];

    expect(planner.apply(plan)).toBe("stale");
    expect([store.lastSeq(), store.executions(), store.job("j1")]).toEqual([seq, executions, job]);
  });

  it.each<[string, (parts: ReturnType<typeof aPlanner>) => void]>([
    ["another job was deployed", ({ store }) => deployJob(store, "j2")],
    [
      "somebody asks for another look",
      ({ store }) => store.change((w) => w.addEvaluation({ id: "v2", jobId: "j1", trigger: "node-join" })),
    ],
  ])("but not because %s", (_, change) => {
    const parts = aPlanner();
    const plan = parts.aPlan();
    change(parts);
    expect(parts.planner.apply(plan)).toBe("applied");
  });
});

it("applies nothing of a plan that contains an illegal move", () => {
  const { store, log, planner, aPlan } = aPlanner();
  addExecution(store);
  addExecution(store, { id: "e2", nodeId: "n2" });
  planner.apply(aPlan({ fail: [{ executionId: "e1", why: "w" }] }));
  const seen = () => [store.lastSeq(), store.executions(), store.job("j1")];
  const before = seen();

  const plan = aPlan({
    stop: [{ executionId: "e2", why: "w" }],
    cancel: [{ executionId: "e1", why: "it has failed already" }],
  });
  expect(() => planner.apply(plan)).toThrow(IllegalMoveError);
  expect(seen()).toEqual(before);
  expect(log.told("STORE")).toEqual(["error STORE: Illegal state move refused"]);

  // What was rolled back makes no later plan look stale.
  expect(planner.apply(aPlan({ stop: [{ executionId: "e2", why: "w" }] }))).toBe("applied");
});
