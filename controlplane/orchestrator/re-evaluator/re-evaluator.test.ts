import { describe, expect, it } from "vitest";
import { addExecution, aStore, deployJob, putNode, type TestStore } from "../../test-kit/a-store.ts";
import { createCountingRandom } from "../../test-kit/counting-random.ts";
import { aSelector } from "../../test-kit/model-builders.ts";
import { createWatcher } from "../event-log/watcher.ts";
import { createReEvaluator } from "./re-evaluator.ts";

const BATCH_MS = 15_000;
const ON_SSD = { selector: aSelector({ match_labels: { disk: "ssd" } }) };

function aReEvaluator(world: TestStore = aStore()) {
  const { store, clock, log } = world;
  const reEvaluator = createReEvaluator(
    {
      createWatcher: (options) => createWatcher({ clock, store, log }, options),
      clock,
      random: createCountingRandom(),
      store,
      log,
    },
    { reevaluationBatchMs: BATCH_MS },
  );
  /** `job trigger` of every evaluation there is. */
  const evaluations = () => store.evaluations().map(({ jobId, trigger }) => `${jobId} ${trigger}`);
  return { ...world, reEvaluator, evaluations };
}

/** The same, started, with the job `j1`. */
function withJob() {
  const world = aReEvaluator();
  world.reEvaluator.start();
  deployJob(world.store, "j1");
  return world;
}

/** A node that was there and is lost now. */
function lose({ store }: Pick<TestStore, "store">, id: string): void {
  putNode(store, id, { connection: "disconnected" });
  putNode(store, id, { connection: "lost" });
}

const report = ({ store, clock }: TestStore, state: "running" | "failed", by: "edge" | "plan" = "edge") => {
  store.change((writer) => writer.setExecution("e1", { observed: { state, message: "" }, by }));
  clock.advance(0);
};

describe("a join", () => {
  it("is handed on when the batch interval has passed since it happened, and not before", () => {
    const world = withJob();
    putNode(world.store, "n1", { name: "edge1" });
    world.clock.advance(BATCH_MS - 1);
    expect(world.evaluations()).toEqual([]);
    world.clock.advance(1);
    expect(world.evaluations()).toEqual(["j1 node-join"]);
    expect(world.log.lines).toEqual([
      {
        level: "info",
        message: "REEVALUATOR: queuing for batch",
        fields: { node_id: "n1", node_name: "edge1", trigger: "node-join", batch_ms: BATCH_MS },
      },
      { level: "info", message: "REEVALUATOR: Processing batch - START", fields: { events: 1 } },
      {
        level: "info",
        message: "REEVALUATOR: Created evaluation for job (trigger=node-join)",
        fields: {
          job: "j1-name",
          job_id: "j1",
          eval_id: "00000000-0000-4000-8000-000000000001",
          trigger: "node-join",
        },
      },
    ]);
  });

  it("takes along all that are due by then, and only those", () => {
    const world = withJob();
    putNode(world.store, "n1");
    putNode(world.store, "n2");
    world.clock.advance(1_000);
    putNode(world.store, "n3");
    world.clock.advance(BATCH_MS - 1_000);
    expect(world.evaluations()).toEqual(["j1 node-join"]);
    world.clock.advance(1_000);
    expect(world.evaluations()).toEqual(["j1 node-join", "j1 node-join"]);
    expect(world.log.fields("REEVALUATOR: Processing").map((fields) => fields["events"])).toEqual([2, 1]);
  });

  it("wins over a leave in the same batch, whichever came first", () => {
    for (const joinsFirst of [true, false]) {
      const world = withJob();
      putNode(world.store, "n1");
      world.clock.advance(BATCH_MS);
      if (joinsFirst) putNode(world.store, "n2");
      lose(world, "n1");
      if (!joinsFirst) putNode(world.store, "n2");
      world.clock.advance(BATCH_MS);
      expect(world.evaluations()).toEqual(["j1 node-join", "j1 node-join"]);
    }
  });

  it("is not forgotten when the clock was set back while it waited", () => {
    const world = withJob();
    putNode(world.store, "n1");
    world.clock.advance(5_000);
    world.clock.jump(-3_600_000);
    world.clock.advance(BATCH_MS);
    expect(world.evaluations()).toEqual(["j1 node-join"]);
  });
});

describe("a leave", () => {
  it("is handed on in the same way", () => {
    const world = withJob();
    putNode(world.store, "n1");
    world.clock.advance(BATCH_MS);
    lose(world, "n1");
    world.clock.advance(BATCH_MS - 1);
    expect(world.evaluations()).toEqual(["j1 node-join"]);
    world.clock.advance(1);
    expect(world.evaluations()).toEqual(["j1 node-join", "j1 node-leave"]);
  });

  it("is not what a disconnect is: that is tolerated", () => {
    const world = withJob();
    putNode(world.store, "n1");
    world.clock.advance(BATCH_MS);
    putNode(world.store, "n1", { connection: "disconnected" });
    world.clock.advance(10 * BATCH_MS);
    expect(world.evaluations()).toEqual(["j1 node-join"]);
  });
});

describe("a job is affected", () => {
  it("by nodes that match it, and by no others", () => {
    const world = aReEvaluator();
    world.reEvaluator.start();
    deployJob(world.store, "j1");
    deployJob(world.store, "j2", ON_SSD);
    putNode(world.store, "n1", { labels: { disk: "hdd" } });
    world.clock.advance(BATCH_MS);
    expect(world.evaluations()).toEqual(["j1 node-join"]);
    putNode(world.store, "n2", { labels: { disk: "ssd" } });
    world.clock.advance(BATCH_MS);
    expect(world.evaluations().slice(1)).toEqual(["j1 node-join", "j2 node-join"]);
  });

  it("by a node that no longer matches but still runs it", () => {
    const world = aReEvaluator();
    world.reEvaluator.start();
    deployJob(world.store, "j1", ON_SSD);
    addExecution(world.store);
    putNode(world.store, "n1", { labels: { disk: "hdd" } });
    world.clock.advance(BATCH_MS);
    expect(world.evaluations()).toEqual(["j1 node-join"]);
  });

  it("by a node that no longer matches, though what it ran has ended: it may have been the last", () => {
    const world = aReEvaluator();
    world.reEvaluator.start();
    deployJob(world.store, "j1", ON_SSD);
    addExecution(world.store);
    world.store.change((writer) =>
      writer.setExecution("e1", { observed: { state: "failed", message: "" }, by: "plan" }),
    );
    putNode(world.store, "n1", { labels: { disk: "hdd" } });
    putNode(world.store, "n2", { labels: { disk: "hdd" } });
    world.clock.advance(BATCH_MS);
    expect(world.evaluations()).toEqual(["j1 node-join"]);
  });

  it("not when it was stopped and nothing of it is left there", () => {
    const world = withJob();
    addExecution(world.store);
    world.store.change((writer) => {
      writer.setJob("j1", { wanted: false });
      writer.setExecution("e1", { observed: { state: "cancelled", message: "" }, by: "plan" });
    });
    putNode(world.store, "n1");
    world.clock.advance(BATCH_MS);
    expect(world.evaluations()).toEqual([]);
  });

  it("when it was stopped and something of it is left there", () => {
    const world = withJob();
    addExecution(world.store);
    world.store.change((writer) => writer.setJob("j1", { wanted: false }));
    putNode(world.store, "n1");
    world.clock.advance(BATCH_MS);
    expect(world.evaluations()).toEqual(["j1 node-join"]);
  });

  it("if it was deployed while the batch waited", () => {
    const world = aReEvaluator();
    world.reEvaluator.start();
    putNode(world.store, "n1");
    world.clock.advance(1_000);
    deployJob(world.store, "j1");
    world.clock.advance(BATCH_MS);
    expect(world.evaluations()).toEqual(["j1 node-join"]);
  });
});

describe("a report", () => {
  it("has its job looked at immediately, not through the batch", () => {
    const world = withJob();
    addExecution(world.store);
    report(world, "running");
    expect(world.evaluations()).toEqual(["j1 exec-update"]);
  });

  it("is none if the scheduler wrote it: it knows", () => {
    const world = withJob();
    addExecution(world.store);
    report(world, "failed", "plan");
    world.clock.advance(10 * BATCH_MS);
    expect(world.evaluations()).toEqual([]);
  });

  it("of a job that was deleted meanwhile does nothing", () => {
    const world = withJob();
    addExecution(world.store);
    world.store.change((writer) => {
      writer.setExecution("e1", { observed: { state: "failed", message: "" }, by: "edge" });
      writer.removeJob("j1");
    });
    world.clock.advance(0);
    expect(world.evaluations()).toEqual([]);
  });
});

describe("after a restart", () => {
  it("a join that waited for its batch is handed on when it would have been", () => {
    const world = withJob();
    putNode(world.store, "n1");
    world.clock.advance(5_000);
    world.reEvaluator.stop();
    world.clock.advance(1_000);
    const after = aReEvaluator(world);
    after.reEvaluator.start();
    world.clock.advance(BATCH_MS - 6_001);
    expect(after.evaluations()).toEqual([]);
    world.clock.advance(1);
    expect(after.evaluations()).toEqual(["j1 node-join"]);
  });

  it("a join whose time has come meanwhile is handed on at once", () => {
    const world = withJob();
    putNode(world.store, "n1");
    world.reEvaluator.stop();
    world.clock.advance(10 * BATCH_MS);
    const after = aReEvaluator(world);
    after.reEvaluator.start();
    world.clock.advance(0);
    expect(after.evaluations()).toEqual(["j1 node-join"]);
  });

  it("what was handed on is not handed on again", () => {
    const world = withJob();
    addExecution(world.store);
    putNode(world.store, "n1");
    report(world, "running");
    world.clock.advance(BATCH_MS);
    const before = world.evaluations();
    world.reEvaluator.stop();
    const after = aReEvaluator(world);
    after.reEvaluator.start();
    world.clock.advance(10 * BATCH_MS);
    expect(after.evaluations()).toEqual(before);
    expect(before).toEqual(["j1 exec-update", "j1 node-join"]);
  });

  it("a report that was not handed on yet is handed on", () => {
    const world = withJob();
    addExecution(world.store);
    world.store.change((writer) =>
      writer.setExecution("e1", { observed: { state: "failed", message: "" }, by: "edge" }),
    );
    world.reEvaluator.stop();
    const after = aReEvaluator(world);
    after.reEvaluator.start();
    world.clock.advance(0);
    expect(after.evaluations()).toEqual(["j1 exec-update"]);
  });
});

it("hands nothing on once it is stopped", () => {
  const world = withJob();
  putNode(world.store, "n1");
  world.clock.advance(BATCH_MS - 1);
  world.reEvaluator.stop();
  world.clock.advance(10 * BATCH_MS);
  expect(world.evaluations()).toEqual([]);
});
