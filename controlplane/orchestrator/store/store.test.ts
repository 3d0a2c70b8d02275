import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openSqliteDatabase } from "../../adapters/sqlite-database.ts";
import type { LoggedEvent } from "../../model/event.ts";
import {
  aNodeDraft,
  addExecution,
  aStore,
  deployJob,
  putNode,
  withoutNumber,
} from "../../test-kit/a-store.ts";
import { aJobSpec } from "../../test-kit/model-builders.ts";
import { START_MS } from "../../test-kit/manual-clock.ts";
import { IllegalMoveError, type Store, type StoreReader, type StoreWriter } from "../contracts.ts";

const HOUR_MS = 3_600_000;

/** Everything that can be read, as values. */
function all(store: StoreReader) {
  return {
    nodes: store.nodes(),
    jobs: store.jobs(),
    versions: store.jobs().map((job) => store.jobVersions(job.id)),
    executions: store.executions(),
    evaluations: store.evaluations(),
    counts: store.counts(),
    // As the database keeps them, which has no undefined.
    events: JSON.parse(JSON.stringify(store.eventsAfter(0, 1_000))) as LoggedEvent[],
    lastSeq: store.lastSeq(),
    checkpoint: store.checkpoint("w"),
  };
}

const kinds = (store: StoreReader, after = 0) => store.eventsAfter(after, 1_000).map((event) => event.kind);

/** A node, a job in its second version, an execution of it and an evaluation. */
function fill(store: Store): void {
  putNode(store, "n1");
  deployJob(store, "j1");
  deployJob(store, "j1", { priority: 7 });
  addExecution(store);
  store.change((writer) => {
    writer.addEvaluation({ id: "v1", jobId: "j1", trigger: "job-create" });
    writer.saveCheckpoint("w", 3);
  });
}

describe("a change", () => {
  it("is committed with the events that tell of it, numbered in order", () => {
    const { store, clock } = aStore();
    putNode(store, "n1");
    clock.advance(5);
    store.change((writer) => {
      writer.deployJob({ id: "j1", spec: aJobSpec() });
      writer.addEvaluation({ id: "v1", jobId: "j1", trigger: "job-create" });
    });
    expect(store.eventsAfter(0, 10)).toEqual([
      { seq: 1, atMs: START_MS, kind: "node-joined", nodeId: "n1", from: undefined },
      { seq: 2, atMs: START_MS + 5, kind: "job-deployed", jobId: "j1", version: 1 },
      {
        seq: 3,
        atMs: START_MS + 5,
        kind: "evaluation-pending",
        evaluationId: "v1",
        jobId: "j1",
        trigger: "job-create",
      },
    ]);
    expect(store.eventsAfter(1, 1).map((event) => event.seq)).toEqual([2]);
  });

  it("gives back what the work gave", () => {
    expect(aStore().store.change(() => 42)).toBe(42);
  });

  it("can be seen by the work itself before it is committed", () => {
    const { store } = aStore();
    const seen = store.change((writer) => {
      writer.putNode(aNodeDraft("n1"));
      return [writer.node("n1")?.id, writer.nodes().length];
    });
    expect(seen).toEqual(["n1", 1]);
  });

  it("is told to listeners once, when it logged anything", () => {
    const { store } = aStore();
    let told = 0;
    store.onCommit(() => (told += 1));
    putNode(store, "n1");
    expect(told).toBe(1);
    store.change((writer) => writer.saveCheckpoint("w", 1));
    expect(told).toBe(1);
  });
});

describe("a change whose work throws", () => {
  /** Adds to every table, and changes something in each. */
  const writeAll = (writer: StoreWriter): void => {
    writer.putNode(aNodeDraft("n1", { name: "renamed" }));
    writer.putNode(aNodeDraft("n2"));
    writer.deployJob({ id: "j1", spec: aJobSpec({ name: "j1-name", priority: 99 }) });
    writer.deployJob({ id: "j2", spec: aJobSpec({ name: "j2-name" }) });
    writer.setExecution("e1", { observed: { state: "running", message: "" }, by: "edge" });
    writer.linkNext("e1", "e2");
    writer.setEvaluation("v1", { status: "complete" });
    writer.addEvaluation({ id: "v2", jobId: "j1", trigger: "node-join" });
    writer.saveCheckpoint("w", 99);
  };
  const removeAll = (writer: StoreWriter): void => {
    writer.setEvaluation("v1", { status: "complete" });
    writer.saveCheckpoint("w", 99);
    writer.collectGarbage({ evaluationsMs: START_MS + 1, eventsMs: START_MS + 1 });
    writer.removeJob("j1");
  };

  it.each([
    ["added and changed", writeAll],
    ["removed", removeAll],
  ])("leaves everything as it was, in the database and in memory: what was %s", (_, write) => {
    const { store, database } = aStore();
    fill(store);
    const before = all(store);
    let told = 0;
    store.onCommit(() => (told += 1));

    const failure = new Error("in the middle");
    const work = (writer: StoreWriter): void => {
      write(writer);
      // Reading fills the caches with what is about to be rolled back.
      all(writer);
      throw failure;
    };
    expect(() => store.change(work)).toThrow(failure);

    expect(all(store)).toEqual(before);
    expect(["e1", "v1", "v2"].map((id) => store.execution(id) ?? store.evaluation(id))).toEqual([
      before.executions[0],
      before.evaluations[0],
      undefined,
    ]);
    expect(all(aStore({ database }).store)).toEqual(before);
    expect(told).toBe(0);
  });

  it("leaves no gap in the numbers of the events", () => {
    const { store } = aStore();
    fill(store);
    const last = store.lastSeq();
    expect(() =>
      store.change((writer) => {
        writeAll(writer);
        throw new Error("no");
      }),
    ).toThrow("no");
    putNode(store, "n5");
    expect(store.eventsAfter(last, 10)).toMatchObject([{ seq: last + 1, nodeId: "n5" }]);
  });

  it("does not count as something that concerns a job", () => {
    const { store } = aStore();
    fill(store);
    const last = store.lastSeq();
    expect(() =>
      store.change((writer) => {
        writeAll(writer);
        throw new Error("no");
      }),
    ).toThrow("no");
    expect(store.lastSeqConcerning("j1")).toBeLessThanOrEqual(last);
    expect(store.lastSeqConcerning("j2")).toBeLessThanOrEqual(last);
  });
});

describe("an illegal move", () => {
  it.each<[string, (writer: StoreWriter) => void, { what: string; from: string; to: string }]>([
    [
      "of a node",
      (writer) => writer.putNode(aNodeDraft("n1", { connection: "lost" })),
      { what: "node n1", from: "connected", to: "lost" },
    ],
    [
      "of a node that is new",
      (writer) => writer.putNode(aNodeDraft("n9", { connection: "deleted" })),
      { what: "node n9", from: "new", to: "deleted" },
    ],
    [
      "of an observed state",
      (writer) => {
        const running = { state: "running", message: "" } as const;
        writer.setExecution("e1", { observed: { state: "stopped", message: "" }, by: "edge" });
        writer.setExecution("e1", { observed: running, by: "edge" });
      },
      { what: "observed state of e1", from: "stopped", to: "running" },
    ],
    [
      "of a desired state",
      (writer) => {
        writer.setExecution("e1", { desired: { state: "stopped", message: "" }, by: "plan" });
        writer.setExecution("e1", { desired: { state: "running", message: "" }, by: "plan" });
      },
      { what: "desired state of e1", from: "stopped", to: "running" },
    ],
  ])("%s is refused and logged, and nothing of the change is applied", (_, move, told) => {
    const { store, log } = aStore();
    fill(store);
    const before = all(store);
    const work = (writer: StoreWriter): void => {
      writer.putNode(aNodeDraft("n7"));
      move(writer);
    };
    expect(() => store.change(work)).toThrow(new IllegalMoveError(told.what, told.from, told.to));
    expect(all(store)).toEqual(before);
    expect(log.lines).toEqual([
      { level: "error", message: "STORE: Illegal state move refused", fields: told },
    ]);
  });

  it("is none where nothing moves: only the message is new", () => {
    const { store } = aStore();
    fill(store);
    const last = store.lastSeq();
    store.change((writer) =>
      writer.setExecution("e1", { observed: { state: "pending", message: "still" }, by: "edge" }),
    );
    expect(store.execution("e1")).toMatchObject({ revision: 2, observed: { message: "still" } });
    expect(store.lastSeq()).toBe(last);
  });

  it("is told apart from other failures, which are not logged here", () => {
    const { store, log } = aStore();
    expect(() => store.change((writer) => writer.setJob("j-none", { wanted: false }))).toThrow(
      "no job j-none",
    );
    expect(log.lines).toEqual([]);
  });
});

describe("events", () => {
  it("of a node", () => {
    const { store } = aStore();
    putNode(store, "n1", { connection: "disconnected" });
    putNode(store, "n1");
    putNode(store, "n1");
    putNode(store, "n1", { connection: "disconnected" });
    putNode(store, "n1", { connection: "lost" });
    putNode(store, "n1", { connection: "deleted" });
    expect(store.eventsAfter(0, 10).map(withoutNumber)).toEqual([
      { kind: "node-registered", nodeId: "n1" },
      { kind: "node-joined", nodeId: "n1", from: "disconnected" },
      { kind: "node-joined", nodeId: "n1", from: "connected" },
      { kind: "node-disconnected", nodeId: "n1" },
      { kind: "node-left", nodeId: "n1", to: "lost" },
      { kind: "node-left", nodeId: "n1", to: "deleted" },
    ]);
  });

  it("of a job", () => {
    const { store } = aStore();
    deployJob(store, "j1");
    store.change((writer) => writer.setJob("j1", { state: { type: "running", message: "a" } }));
    store.change((writer) => writer.setJob("j1", { state: { type: "running", message: "b" } }));
    store.change((writer) => writer.setJob("j1", { wanted: false }));
    store.change((writer) => writer.setJob("j1", { wanted: false }));
    store.change((writer) => writer.removeJob("j1"));
    expect(kinds(store)).toEqual(["job-deployed", "job-state", "job-stopped", "job-deleted"]);
  });

  it("of an evaluation: pending, ended; none when it is blocked", () => {
    const { store } = aStore();
    store.change((writer) => writer.addEvaluation({ id: "v1", jobId: "j1", trigger: "node-join" }));
    store.change((writer) =>
      writer.setEvaluation("v1", { status: "blocked", blockedOn: { kind: "matching-node" } }),
    );
    expect(store.evaluation("v1")).toMatchObject({ status: "blocked", blockedOn: { kind: "matching-node" } });
    store.change((writer) => writer.setEvaluation("v1", { status: "pending" }));
    expect(store.evaluation("v1")?.blockedOn).toBeUndefined();
    for (const status of ["complete", "failed", "canceled"] as const) {
      store.change((writer) => writer.setEvaluation("v1", { status }));
    }
    expect(kinds(store)).toEqual([
      "evaluation-pending",
      "evaluation-pending",
      "evaluation-ended",
      "evaluation-ended",
      "evaluation-ended",
    ]);
  });

  it("make up the history of a job or of one execution", () => {
    const { store } = aStore();
    fill(store);
    deployJob(store, "j2");
    addExecution(store, { id: "e2", jobId: "j2" });
    expect(store.history({ jobId: "j2" }).map((event) => event.kind)).toEqual([
      "job-deployed",
      "execution-created",
    ]);
    expect(store.history({ executionId: "e1" }).map((event) => event.kind)).toEqual(["execution-created"]);
  });

  it("are read the same from memory and from the database, also far behind", () => {
    const { store, database } = aStore();
    for (let count = 0; count < 9_000; count += 1) {
      store.change((writer) => writer.logEvent({ kind: "job-stopped", jobId: `j${count}` }));
    }
    const fromDatabase = aStore({ database }).store;
    for (const after of [0, 100, 807, 808, 809, 4_903, 4_904, 4_905, 8_990, 9_000]) {
      expect(store.eventsAfter(after, 20)).toEqual(fromDatabase.eventsAfter(after, 20));
    }
  });
});

describe("reading", () => {
  it("gives nodes in order of id, jobs and executions in order of creation", () => {
    const { store } = aStore();
    for (const id of ["n2", "n3", "n1"]) putNode(store, id);
    for (const id of ["j2", "j1"]) deployJob(store, id);
    for (const id of ["e2", "e3", "e1"]) addExecution(store, { id });
    expect(store.nodes().map(({ id }) => id)).toEqual(["n1", "n2", "n3"]);
    expect(store.jobs().map(({ id }) => id)).toEqual(["j2", "j1"]);
    expect(store.executions().map(({ id }) => id)).toEqual(["e2", "e3", "e1"]);
  });

  it("keeps to the order of creation, whatever was read or changed before", () => {
    const { store, database } = aStore();
    for (const id of ["j1", "j2", "j3"]) deployJob(store, id);
    const { store: reopened } = aStore({ database });
    const names = () => reopened.jobs().map((job) => job.id);
    reopened.job("j3");
    reopened.change((writer) => writer.setJob("j2", { wanted: false }));
    expect(names()).toEqual(["j1", "j2", "j3"]);
    reopened.change((writer) => writer.removeJob("j1"));
    deployJob(reopened, "j0");
    reopened.change((writer) => writer.setJob("j2", { wanted: true }));
    expect(names()).toEqual(["j2", "j3", "j0"]);
    expect(aStore({ database }).store.jobs()).toEqual(reopened.jobs());
  });

  it("narrows executions down by job and by node", () => {
    const { store } = aStore();
    addExecution(store, { id: "e1", jobId: "j1", nodeId: "n1" });
    addExecution(store, { id: "e2", jobId: "j1", nodeId: "n2" });
    addExecution(store, { id: "e3", jobId: "j2", nodeId: "n1" });
    const ids = (of: Parameters<Store["executions"]>[0]) => store.executions(of).map(({ id }) => id);
    expect(ids({ jobId: "j1" })).toEqual(["e1", "e2"]);
    expect(ids({ nodeId: "n1" })).toEqual(["e1", "e3"]);
    expect(ids({ jobId: "j1", nodeId: "n1" })).toEqual(["e1"]);
  });

  it("narrows evaluations down by job and by status", () => {
    const { store } = aStore();
    store.change((writer) => {
      writer.addEvaluation({ id: "v1", jobId: "j1", trigger: "job-create" });
      writer.addEvaluation({ id: "v2", jobId: "j2", trigger: "job-create" });
      writer.setEvaluation("v1", { status: "complete" });
      writer.addEvaluation({ id: "v3", jobId: "j1", trigger: "job-update", waitUntilMs: 5 });
    });
    const ids = (of: Parameters<Store["evaluations"]>[0]) => store.evaluations(of).map(({ id }) => id);
    expect(ids({ jobId: "j1" })).toEqual(["v1", "v3"]);
    expect(ids({ status: "pending" })).toEqual(["v2", "v3"]);
    expect(ids({ jobId: "j1", status: "pending" })).toEqual(["v3"]);
    expect(store.evaluation("v3")?.waitUntilMs).toBe(5);
  });

  it("finds what is pending elsewhere: one other job for each node", () => {
    const { store } = aStore();
    addExecution(store, { id: "e1", jobId: "j1", nodeId: "n1" });
    addExecution(store, { id: "e2", jobId: "j2", nodeId: "n1" });
    addExecution(store, { id: "e3", jobId: "j2", nodeId: "n2" });
    addExecution(store, { id: "e4", jobId: "j2", nodeId: "n3" });
    store.change((writer) =>
      writer.setExecution("e4", { observed: { state: "running", message: "" }, by: "edge" }),
    );
    expect([...store.pendingElsewhere("j1")]).toEqual([
      ["n1", "j2"],
      ["n2", "j2"],
    ]);
    expect([...store.pendingElsewhere("j2")]).toEqual([["n1", "j1"]]);
  });

  it("knows what every version of a job said", () => {
    const { store, clock } = aStore();
    deployJob(store, "j1", { priority: 1 });
    clock.advance(10);
    deployJob(store, "j1", { priority: 2 });
    expect(store.job("j1")).toMatchObject({
      version: 2,
      wanted: true,
      createdAtMs: START_MS,
      updatedAtMs: START_MS + 10,
      revision: 2,
    });
    expect([1, 2, 3].map((version) => store.jobSpec("j1", version)?.priority)).toEqual([1, 2, undefined]);
    expect(store.jobVersions("j1")).toMatchObject([
      { version: 1, createdAtMs: START_MS, spec: { priority: 1 } },
      { version: 2, createdAtMs: START_MS + 10, spec: { priority: 2 } },
    ]);
    expect(store.jobByName("j1-name")?.id).toBe("j1");
    expect(store.jobByName("j2-name")).toBeUndefined();
  });

  it("counts by state", () => {
    const { store } = aStore();
    fill(store);
    putNode(store, "n2");
    putNode(store, "n3", { connection: "disconnected" });
    expect(store.counts()).toEqual({
      nodes: { connected: 2, disconnected: 1 },
      jobs: { pending: 1 },
      executions: { pending: 1 },
      evaluations: { pending: 1 },
    });
  });
});

describe("lastSeqConcerning", () => {
  it("is 0 as long as nothing has happened", () => {
    expect(aStore().store.lastSeqConcerning("j1")).toBe(0);
  });

  it.each<{ what: string; happen: (store: Store) => void; concerns: boolean }>([
    { what: "its own deployment", happen: (store) => deployJob(store, "j1"), concerns: true },
    {
      what: "a report of its own execution",
      happen: (store) =>
        store.change((w) =>
          w.setExecution("e1", { observed: { state: "running", message: "" }, by: "edge" }),
        ),
      concerns: true,
    },
    { what: "any node's join", happen: (store) => putNode(store, "n2"), concerns: true },
    {
      what: "any node's leaving",
      happen: (store) => putNode(store, "n1", { connection: "disconnected" }),
      concerns: true,
    },
    {
      what: "an execution of another job, whose node may now have to be avoided",
      happen: (store) => addExecution(store, { id: "e9", jobId: "j9" }),
      concerns: true,
    },
    { what: "another job's deployment", happen: (store) => deployJob(store, "j9"), concerns: false },
    {
      what: "an evaluation of it",
      happen: (store) =>
        store.change((w) => w.addEvaluation({ id: "v9", jobId: "j1", trigger: "node-join" })),
      concerns: false,
    },
    {
      what: "what a look made of its state",
      happen: (store) => store.change((w) => w.setJob("j1", { state: { type: "running", message: "" } })),
      concerns: false,
    },
  ])("of a job counts $what: $concerns", ({ happen, concerns }) => {
    const { store } = aStore();
    fill(store);
    const before = store.lastSeqConcerning("j1");
    happen(store);
    expect(store.lastSeqConcerning("j1")).toBe(concerns ? store.lastSeq() : before);
  });
});

describe("removing a job", () => {
  it("takes everything of it away but its history", () => {
    const { store } = aStore();
    fill(store);
    deployJob(store, "j2");
    addExecution(store, { id: "e2", jobId: "j2" });
    store.change((writer) => writer.removeJob("j1"));
    expect([store.job("j1"), store.jobByName("j1-name"), store.jobSpec("j1", 1)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([store.executions(), store.evaluations(), store.jobs()].map((list) => list.length)).toEqual([
      1, 0, 1,
    ]);
    expect(store.history({ jobId: "j1" }).at(-1)?.kind).toBe("job-deleted");
  });

  it("makes its name free", () => {
    const { store } = aStore();
    deployJob(store, "j1", { name: "same" });
    store.change((writer) => writer.removeJob("j1"));
    deployJob(store, "j2", { name: "same" });
    expect(store.jobByName("same")?.id).toBe("j2");
  });
});

describe("garbage collection", () => {
  /** Four events, one at each full hour; tells which are left after collecting those from before `hours`. */
  function collect(checkpoints: Readonly<Record<string, number>>, hours: number) {
    const { store, clock, database } = aStore();
    for (const id of ["n1", "n2", "n3", "n4"]) {
      putNode(store, id);
      clock.advance(HOUR_MS);
    }
    store.change((writer) => {
      for (const [watcher, seq] of Object.entries(checkpoints)) writer.saveCheckpoint(watcher, seq);
    });
    store.change((writer) =>
      writer.collectGarbage({ evaluationsMs: 0, eventsMs: START_MS + hours * HOUR_MS }),
    );
    const reopened = aStore({ database }).store;
    return { left: reopened.eventsAfter(0, 100).map(({ seq }) => seq), reopened };
  }

  it("drops events that are old and were seen by every watcher that keeps a checkpoint", () => {
    // Number 3 would be seen, too: one more costs nothing.
    expect(collect({ slow: 3, fast: 4 }, 10).left).toEqual([3, 4]);
  });

  it("keeps events that a watcher has yet to see, however old", () => {
    expect(collect({ slow: 1, fast: 4 }, 10).left).toEqual([1, 2, 3, 4]);
  });

  it("keeps events that are young, though all have seen them", () => {
    expect(collect({ slow: 4, fast: 4 }, 2).left).toEqual([3, 4]);
  });

  it("keeps all while no watcher has ever kept a checkpoint", () => {
    expect(collect({}, 10).left).toEqual([1, 2, 3, 4]);
  });

  it("keeps the newest event, so that no number is given out twice", () => {
    const { left, reopened } = collect({ fast: 99 }, 10);
    expect(left).toEqual([4]);
    putNode(reopened, "n5");
    expect(reopened.lastSeq()).toBe(5);
  });

  it("drops evaluations that ended long ago, and no others", () => {
    const { store, clock } = aStore();
    store.change((writer) => {
      for (const id of ["complete", "failed", "canceled", "blocked"] as const) {
        writer.addEvaluation({ id, jobId: "j1", trigger: "job-create" });
        writer.setEvaluation(id, { status: id });
      }
      writer.addEvaluation({ id: "pending", jobId: "j1", trigger: "job-create" });
    });
    clock.advance(HOUR_MS);
    store.change((writer) => {
      writer.addEvaluation({ id: "young", jobId: "j1", trigger: "job-create" });
      writer.setEvaluation("young", { status: "complete" });
    });
    store.change((writer) => writer.collectGarbage({ evaluationsMs: START_MS + HOUR_MS, eventsMs: 0 }));
    expect(store.evaluations().map(({ id }) => id)).toEqual(["blocked", "pending", "young"]);
  });
});

describe("a database file", () => {
  /** Opens the same file as often as it is asked to. */
  function aFile() {
    const folder = mkdtempSync(join(tmpdir(), "store-test-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    return () => openSqliteDatabase(join(folder, "state.db"));
  }

  it("gives back all that was committed when it is opened again", () => {
    const open = aFile();
    const first = open();
    const { store } = aStore({ database: first });
    fill(store);
    store.change((writer) => {
      writer.setExecution("e1", { observed: { state: "running", message: "r" }, by: "edge" });
      writer.setEvaluation("v1", { status: "blocked", blockedOn: { kind: "nodes", nodeIds: ["n1"] } });
      writer.setJob("j1", { wanted: false });
    });
    const before = all(store);
    first.close();

    const second = open();
    onTestFinished(() => second.close());
    const reopened = aStore({ database: second }).store;
    expect(all(reopened)).toEqual(before);
    // What a plan could depend on is younger than the process.
    expect(reopened.lastSeqConcerning("j1")).toBe(0);
    putNode(reopened, "n2");
    expect(reopened.lastSeq()).toBe(before.lastSeq + 1);
  });

  it("that a newer build wrote is refused", () => {
    const database = aFile()();
    onTestFinished(() => database.close());
    database.run("PRAGMA user_version = 99");
    expect(() => aStore({ database })).toThrow(
      "the database has schema version 99, this build knows 1: use a newer build",
    );
  });
});
