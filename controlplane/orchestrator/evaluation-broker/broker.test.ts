import { describe, expect, it } from "vitest";
import type { BlockedOn, Evaluation, EvaluationTrigger } from "../../model/evaluation.ts";
import type { Plan } from "../../model/plan.ts";
import { addExecution, aStore, deployJob, putNode, type TestStore } from "../../test-kit/a-store.ts";
import { createCountingRandom } from "../../test-kit/counting-random.ts";
import { aSelector } from "../../test-kit/model-builders.ts";
import { createWatcher } from "../event-log/watcher.ts";
import { createEvaluationBroker, type WorkResult } from "./broker.ts";

type Work = (evaluation: Evaluation) => WorkResult | undefined;

/** A broker whose work is what the test says, `complete` if it says nothing; `looks` notes it as `ms id`. */
function aBroker(work: Work = () => undefined, world: TestStore = aStore()) {
  const { store, clock, log } = world;
  const start = clock.nowMs();
  const looks: string[] = [];
  const broker = createEvaluationBroker({
    createWatcher: (options) => createWatcher({ clock, store, log }, options),
    clock,
    random: createCountingRandom(),
    store,
    log,
    work: (evaluation) => {
      looks.push(`${clock.nowMs() - start} ${evaluation.id}`);
      return work(evaluation) ?? complete(evaluation);
    },
  });
  return { ...world, broker, looks };
}

function complete(evaluation: Evaluation, plan: Partial<Plan> = {}): WorkResult {
  return {
    kind: "complete",
    plan: {
      evaluationId: evaluation.id,
      jobId: evaluation.jobId,
      basedOnSeq: 0,
      stop: [],
      cancel: [],
      redispatch: [],
      fail: [],
      place: [],
      stuck: [],
      avoided: [],
      state: { type: "running", message: "" },
      unscheduledCount: 0,
      isWaveConclusive: true,
      ...plan,
    },
  };
}

const blocked = (evaluation: Evaluation, blockedOn: BlockedOn) => complete(evaluation, { blockedOn });

function ask(
  { store }: Pick<TestStore, "store">,
  id: string,
  jobId = `job-of-${id}`,
  more: { trigger?: EvaluationTrigger; waitUntilMs?: number } = {},
): void {
  store.change((writer) => writer.addEvaluation({ id, jobId, trigger: "exec-update", ...more }));
}

const statuses = ({ store }: Pick<TestStore, "store">) =>
  Object.fromEntries(store.evaluations().map(({ id, status }) => [id, status]));

describe("evaluations", () => {
  it("are looked at in the order in which they came, each to its end", () => {
    const world = aBroker();
    world.broker.start();
    for (const id of ["v3", "v1", "v2"]) ask(world, id);
    expect(world.looks).toEqual([]);
    world.clock.advance(0);
    expect(world.looks).toEqual(["0 v3", "0 v1", "0 v2"]);
    expect(statuses(world)).toEqual({ v1: "complete", v2: "complete", v3: "complete" });
  });

  it("of one job that wait together become one look: the newest, the others are canceled", () => {
    const world = aBroker();
    world.broker.start();
    for (const id of ["v1", "v2", "v3"]) ask(world, id, "j1");
    world.clock.advance(0);
    expect(world.looks).toEqual(["0 v3"]);
    expect(statuses(world)).toEqual({ v1: "canceled", v2: "canceled", v3: "complete" });
  });

  it("of one job coalesce into its node-join, whichever came first", () => {
    for (const ids of [
      ["join", "report"],
      ["report", "join"],
    ]) {
      const world = aBroker();
      world.broker.start();
      for (const id of ids) ask(world, id, "j1", { trigger: id === "join" ? "node-join" : "exec-update" });
      world.clock.advance(0);
      expect(statuses(world)).toEqual({ join: "complete", report: "canceled" });
    }
  });

  it("of one job are never in flight together: what comes during a look is looked at after it", () => {
    let inFlight = 0;
    const world = aBroker((evaluation) => {
      inFlight += 1;
      expect(inFlight).toBe(1);
      if (evaluation.id === "v1") ask(world, "v2", "j1");
      inFlight -= 1;
      return undefined;
    });
    world.broker.start();
    ask(world, "v1", "j1");
    world.clock.advance(0);
    expect(world.looks).toEqual(["0 v1", "0 v2"]);
    expect(statuses(world)).toEqual({ v1: "complete", v2: "complete" });
  });

  it("wait until their time", () => {
    const world = aBroker();
    world.broker.start();
    ask(world, "later", "j1", { waitUntilMs: world.clock.nowMs() + 1_500 });
    ask(world, "now", "j2");
    world.clock.advance(1_499);
    expect(world.looks).toEqual(["0 now"]);
    world.clock.advance(1);
    expect(world.looks).toEqual(["0 now", "1500 later"]);
  });

  it("wait again when the clock was set back in the meantime", () => {
    const world = aBroker();
    world.broker.start();
    ask(world, "later", "j1", { waitUntilMs: world.clock.nowMs() + 1_000 });
    world.clock.advance(500);
    world.clock.jump(-200);
    world.clock.advance(699);
    expect(world.looks).toEqual([]);
    world.clock.advance(1);
    expect(world.looks).toEqual(["1000 later"]);
  });

  it("are not looked at after a stop", () => {
    const world = aBroker();
    world.broker.start();
    ask(world, "v1");
    ask(world, "v2", "j2", { waitUntilMs: world.clock.nowMs() + 10 });
    world.broker.stop();
    world.clock.advance(60_000);
    expect(world.looks).toEqual([]);
    expect(statuses(world)).toEqual({ v1: "pending", v2: "pending" });
  });
});

describe("a look that says when to look again", () => {
  it("has that done then", () => {
    const world = aBroker((evaluation) =>
      evaluation.id === "v1"
        ? complete(evaluation, { lookAgainAtMs: world.clock.nowMs() + 4_000 })
        : undefined,
    );
    world.broker.start();
    ask(world, "v1", "j1");
    world.clock.advance(0);
    expect(world.store.evaluations({ jobId: "j1", status: "pending" })).toMatchObject([
      { trigger: "restart", waitUntilMs: world.clock.nowMs() + 4_000 },
    ]);
    world.clock.advance(4_000);
    expect(world.looks).toEqual(["0 v1", "4000 00000000-0000-4000-8000-000000000001"]);
  });
});

describe("a look that fails", () => {
  const failing = (times: number, result?: WorkResult) => {
    let failures = 0;
    const world = aBroker((evaluation) => {
      if (evaluation.id !== "bad" || failures >= times) return undefined;
      failures += 1;
      if (result !== undefined) return result;
      throw new Error("no luck");
    });
    world.broker.start();
    return world;
  };

  it("is tried again after 100, 200, 300 and 400 ms, while others go on", () => {
    const world = failing(4);
    ask(world, "bad");
    ask(world, "good");
    world.clock.advance(60_000);
    expect(world.looks).toEqual(["0 bad", "0 good", "100 bad", "300 bad", "600 bad", "1000 bad"]);
    expect(statuses(world)).toEqual({ bad: "complete", good: "complete" });
    expect(world.log.fields("BROKER: Evaluation is tried again")[0]).toMatchObject({
      eval_id: "bad",
      why: "no luck",
    });
  });

  it("is given up after the fifth time, and holds nobody up", () => {
    const world = failing(99);
    ask(world, "bad", "j1");
    world.clock.advance(60_000);
    expect(world.looks.length).toBe(5);
    expect(statuses(world)).toEqual({ bad: "failed" });
    expect(world.log.told("BROKER: Evaluation failed")).toEqual(["error BROKER: Evaluation failed"]);
    ask(world, "good", "j1");
    world.clock.advance(0);
    expect(statuses(world)).toEqual({ bad: "failed", good: "complete" });
  });

  it("is tried again, too, when its plan was stale", () => {
    const world = failing(2, { kind: "stale" });
    ask(world, "bad");
    world.clock.advance(1_000);
    expect(world.looks).toEqual(["0 bad", "100 bad", "300 bad"]);
    expect(world.log.fields("BROKER: Evaluation is tried again")[0]).toMatchObject({ why: "stale snapshot" });
  });

  it("does not keep a newer evaluation of the same job from being looked at meanwhile", () => {
    const world = failing(1);
    ask(world, "bad", "j1");
    world.clock.advance(50);
    ask(world, "good", "j1");
    world.clock.advance(1_000);
    expect(world.looks).toEqual(["0 bad", "50 good", "100 bad"]);
  });
});

describe("a job that is gone", () => {
  it("has its look canceled", () => {
    const world = aBroker(() => ({ kind: "void" }));
    world.broker.start();
    ask(world, "v1");
    world.clock.advance(0);
    expect(statuses(world)).toEqual({ v1: "canceled" });
  });

  it("takes its evaluations with it, wherever they wait", () => {
    const world = aBroker((evaluation) => {
      if (evaluation.id === "nacked") throw new Error("no");
      return undefined;
    });
    world.broker.start();
    for (const id of ["nacked", "later", "queued"]) deployJob(world.store, `job-of-${id}`);
    ask(world, "nacked");
    ask(world, "later", undefined, { waitUntilMs: world.clock.nowMs() + 1_000 });
    world.clock.advance(0);
    ask(world, "queued");
    // As far as into the queue, but not as far as the look.
    world.clock.step();
    world.store.change((writer) => {
      for (const { id } of writer.jobs()) writer.removeJob(id);
    });
    ask(world, "other");
    world.clock.advance(60_000);
    expect(world.looks).toEqual(["0 nacked", "0 other"]);
    expect(statuses(world)).toEqual({ other: "complete" });
    expect(world.log.told("BROKER: Evaluation failed")).toEqual([]);
  });
});

describe("a blocked evaluation", () => {
  /** `v1` of the job `j1`, whose first look ends blocked. */
  const waitingFor = (blockedOn: BlockedOn) => {
    let first = true;
    const world = aBroker((evaluation) => {
      if (evaluation.id !== "v1" || !first) return undefined;
      first = false;
      return blocked(evaluation, blockedOn);
    });
    world.broker.start();
    deployJob(world.store, "j1", { selector: aSelector({ match_labels: { disk: "ssd" } }) });
    ask(world, "v1", "j1", { trigger: "job-create" });
    world.clock.advance(0);
    expect(world.store.evaluation("v1")).toMatchObject({ status: "blocked", blockedOn });
    return world;
  };

  describe("for want of a matching node", () => {
    const waiting = () => waitingFor({ kind: "matching-node" });

    it("wakes at once when one shakes hands", () => {
      const world = waiting();
      world.clock.advance(700);
      putNode(world.store, "n1", { labels: { disk: "ssd" } });
      world.clock.advance(0);
      expect(world.looks).toEqual(["0 v1", "700 v1"]);
      expect(world.store.evaluation("v1")).toMatchObject({ status: "complete", trigger: "job-create" });
    });

    it("sleeps on when another node does", () => {
      const world = waiting();
      putNode(world.store, "n1", { labels: { disk: "hdd" } });
      putNode(world.store, "n2", { connection: "disconnected", labels: { disk: "ssd" } });
      addExecution(world.store);
      world.clock.advance(60_000);
      expect(world.looks).toEqual(["0 v1"]);
    });

    it("wakes when a node gets the label that it lacked", () => {
      const world = waiting();
      putNode(world.store, "n1");
      putNode(world.store, "n1", { labels: { disk: "ssd" } });
      world.clock.advance(0);
      expect(world.looks).toEqual(["0 v1", "0 v1"]);
    });
  });

  describe("for nodes that are avoided", () => {
    const waiting = () => {
      const world = waitingFor({ kind: "nodes", nodeIds: ["n1", "n2"] });
      addExecution(world.store, { id: "e1", jobId: "j9", nodeId: "n1" });
      addExecution(world.store, { id: "e3", jobId: "j9", nodeId: "n3" });
      world.clock.advance(0);
      expect(world.looks).toEqual(["0 v1"]);
      return world;
    };
    const report = ({ store }: TestStore, id: string, state: "running" | "stopped" | "cancelled") =>
      store.change((w) => w.setExecution(id, { observed: { state, message: "" }, by: "edge" }));

    it.each(["running", "stopped", "cancelled"] as const)(
      "wakes when the pending execution on one of them becomes %s",
      (state) => {
        const world = waiting();
        report(world, "e1", state);
        world.clock.advance(0);
        expect(world.looks).toEqual(["0 v1", "0 v1"]);
      },
    );

    it("wakes when one of them is lost", () => {
      const world = waiting();
      putNode(world.store, "n2", { connection: "disconnected" });
      world.clock.advance(0);
      expect(world.looks).toEqual(["0 v1"]);
      putNode(world.store, "n2", { connection: "lost" });
      world.clock.advance(0);
      expect(world.looks).toEqual(["0 v1", "0 v1"]);
    });

    it("wakes when one of them shakes hands: it may match no longer", () => {
      const world = waiting();
      putNode(world.store, "n2");
      world.clock.advance(0);
      expect(world.looks).toEqual(["0 v1", "0 v1"]);
    });

    it("sleeps on when another node is freed, or joins", () => {
      const world = waiting();
      report(world, "e3", "running");
      putNode(world.store, "n3");
      world.clock.advance(60_000);
      expect(world.looks).toEqual(["0 v1"]);
    });
  });

  it("is canceled by a later look at the same job, which has seen all that it waits for", () => {
    const world = waitingFor({ kind: "matching-node" });
    ask(world, "v2", "j1");
    ask(world, "v9", "j9");
    world.clock.advance(0);
    expect(statuses(world)).toEqual({ v1: "canceled", v2: "complete", v9: "complete" });
  });
});

describe("after a restart", () => {
  it("what was pending is looked at, in the old order", () => {
    const world = aStore();
    for (const id of ["v2", "v1", "v3"]) ask(world, id);
    world.store.change((writer) => writer.setEvaluation("v3", { status: "complete" }));
    const { broker, looks } = aBroker(undefined, world);
    broker.start();
    world.clock.advance(0);
    expect(looks).toEqual(["0 v2", "0 v1"]);
    expect(statuses(world)).toEqual({ v1: "complete", v2: "complete", v3: "complete" });
  });

  it("what waits for its time waits for the rest of it", () => {
    const world = aStore();
    ask(world, "v1", "j1", { waitUntilMs: world.clock.nowMs() + 1_000 });
    world.clock.advance(400);
    const { broker, looks } = aBroker(undefined, world);
    broker.start();
    world.clock.advance(599);
    expect(looks).toEqual([]);
    world.clock.advance(1);
    expect(looks).toEqual(["600 v1"]);
  });

  it("what was blocked is looked at once: it may have been freed while nobody watched", () => {
    const world = aStore();
    ask(world, "v1", "j1");
    world.store.change((writer) =>
      writer.setEvaluation("v1", { status: "blocked", blockedOn: { kind: "nodes", nodeIds: ["n1"] } }),
    );
    const { broker, looks } = aBroker(
      (evaluation) => blocked(evaluation, { kind: "nodes", nodeIds: ["n1"] }),
      world,
    );
    broker.start();
    world.clock.advance(60_000);
    expect(looks).toEqual(["0 v1"]);
    expect(statuses(world)).toEqual({ v1: "blocked" });
  });
});
