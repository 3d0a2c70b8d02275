import { openSqliteDatabase } from "../adapters/sqlite-database.ts";
import type { LoggedEvent } from "../model/event.ts";
import type { JobSpec } from "../model/job.ts";
import type { EdgeNode } from "../model/node.ts";
import type { ExecutionDraft, NodeDraft, Store } from "../orchestrator/contracts.ts";
import { createStore } from "../orchestrator/store/store.ts";
import type { Database } from "../ports/database.ts";
import { createManualClock, type ManualClock } from "./manual-clock.ts";
import { aJobSpec, aNode } from "./model-builders.ts";
import { createRecordingLog, type RecordingLog } from "./recording-log.ts";

export interface TestStore {
  readonly store: Store;
  readonly clock: ManualClock;
  readonly log: RecordingLog;
  readonly database: Database;
}

/** The orchestrator's own store, in memory, with a clock that stands still. */
export function aStore(
  given: {
    readonly clock?: ManualClock;
    readonly database?: Database;
    readonly log?: RecordingLog;
  } = {},
): TestStore {
  const clock = given.clock ?? createManualClock();
  const log = given.log ?? createRecordingLog();
  const database = given.database ?? openSqliteDatabase(":memory:");
  return { store: createStore({ clock, database, log }), clock, log, database };
}

/** What an event tells, whenever it happened. */
export function withoutNumber(event: LoggedEvent): Omit<LoggedEvent, "seq" | "atMs"> {
  const { seq: _, atMs: __, ...told } = event;
  return told;
}

/** A node as the node manager hands it to the store. */
export function aNodeDraft(id: string, node: Partial<EdgeNode> = {}): NodeDraft {
  const { createdAtMs: _, updatedAtMs: __, revision: ___, ...draft } = aNode(id, node);
  return draft;
}

/** Puts a connected node into the store. */
export function putNode(store: Store, id: string, node: Partial<EdgeNode> = {}): void {
  store.change((writer) => writer.putNode(aNodeDraft(id, node)));
}

/** Deploys a job, or a new version of it, without an evaluation. */
export function deployJob(store: Store, id: string, spec: Partial<JobSpec> = {}): void {
  store.change((writer) => writer.deployJob({ id, spec: aJobSpec({ name: `${id}-name`, ...spec }) }));
}

/** Adds a pending execution that is wanted running: `e1` of `j1` version 1 on `n1`. */
export function addExecution(store: Store, execution: Partial<ExecutionDraft> = {}): void {
  store.change((writer) =>
    writer.addExecution({
      id: "e1",
      evalId: "v0",
      jobId: "j1",
      jobVersion: 1,
      nodeId: "n1",
      attempt: 0,
      message: "placed in a test",
      ...execution,
    }),
  );
}
