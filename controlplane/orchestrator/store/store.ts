import type { Evaluation } from "../../model/evaluation.ts";
import type { Execution } from "../../model/execution.ts";
import type { Job, JobSpec } from "../../model/job.ts";
import type { EdgeNode } from "../../model/node.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Database } from "../../ports/database.ts";
import type { Log } from "../../ports/log.ts";
import { IllegalMoveError, type Store, type StoreReader } from "../contracts.ts";
import { createEntityTable, type EntityTable } from "./entity-table.ts";
import { createEventTable, type EventTable } from "./event-table.ts";
import { prepareSchema } from "./schema.ts";
import { createWriter } from "./writer.ts";

/** The tables that reader and writer share. */
export interface Tables {
  readonly database: Database;
  readonly nodes: EntityTable<EdgeNode>;
  readonly jobs: EntityTable<Job>;
  readonly executions: EntityTable<Execution>;
  readonly evaluations: EntityTable<Evaluation>;
  readonly events: EventTable;
}

/**
 * The orchestrator's state and its event log, in one SQLite database. Every change and the events that tell
 * of it commit together.
 */
export function createStore(ports: {
  readonly clock: Clock;
  readonly database: Database;
  readonly log: Log;
}): Store {
  const { clock, database, log } = ports;
  prepareSchema(database);
  const tables: Tables = {
    database,
    nodes: createEntityTable<EdgeNode>(database, "nodes", {
      changing: (node) => ({ state: node.connection }),
    }),
    jobs: createEntityTable<Job>(database, "jobs", {
      changing: (job) => ({ state: job.state.type, name: job.spec.name }),
    }),
    executions: createEntityTable<Execution>(database, "executions", {
      fixed: (execution) => ({ job_id: execution.jobId, node_id: execution.nodeId }),
      changing: (execution) => ({ state: execution.observed.state }),
    }),
    evaluations: createEntityTable<Evaluation>(database, "evaluations", {
      fixed: (evaluation) => ({ job_id: evaluation.jobId }),
      changing: (evaluation) => ({ state: evaluation.status, updated_at_ms: evaluation.updatedAtMs }),
    }),
    events: createEventTable(database),
  };
  const reader = createReader(tables);
  const writer = createWriter(tables, reader, clock);
  const listeners: (() => void)[] = [];

  return {
    ...reader,
    change: (work) => {
      const before = tables.events.lastSeq();
      try {
        const result = database.transaction(() => work(writer));
        if (tables.events.lastSeq() > before) for (const listener of listeners) listener();
        return result;
      } catch (error) {
        for (const table of [
          tables.nodes,
          tables.jobs,
          tables.executions,
          tables.evaluations,
          tables.events,
        ]) {
          table.forget();
        }
        if (error instanceof IllegalMoveError) {
          log.error("STORE: Illegal state move refused", {
            what: error.what,
            from: error.from,
            to: error.to,
          });
        }
        throw error;
      }
    },
    onCommit: (listener) => {
      listeners.push(listener);
    },
  };
}

function createReader({ database, nodes, jobs, executions, evaluations, events }: Tables): StoreReader {
  return {
    lastSeq: events.lastSeq,
    eventsAfter: events.after,
    node: nodes.get,
    nodes: derived(nodes.all, (all) => all.toSorted((a, b) => (a.id < b.id ? -1 : 1))),
    job: jobs.get,
    jobByName: (name) => jobs.where("name = ?", name)[0],
    jobs: jobs.all,
    jobSpec: (jobId, version) => {
      const newest = jobs.get(jobId);
      if (newest?.version === version) return newest.spec;
      const row = database.get(
        "SELECT spec FROM job_versions WHERE job_id = ? AND version = ?",
        jobId,
        version,
      );
      return row === undefined ? undefined : (JSON.parse(String(row["spec"])) as JobSpec);
    },
    jobVersions: (jobId) =>
      database.all("SELECT * FROM job_versions WHERE job_id = ? ORDER BY version", jobId).map((row) => ({
        version: Number(row["version"]),
        // Checked before it was stored.
        spec: JSON.parse(String(row["spec"])) as JobSpec,
        createdAtMs: Number(row["created_at_ms"]),
      })),
    execution: executions.get,
    executions: (of = {}) => {
      // A node has few executions, a job may have thousands: the node's narrow it down faster.
      if (of.nodeId !== undefined) {
        const onNode = executions.where("node_id = ?", of.nodeId);
        return of.jobId === undefined ? onNode : onNode.filter((execution) => execution.jobId === of.jobId);
      }
      return of.jobId === undefined ? executions.all() : executions.where("job_id = ?", of.jobId);
    },
    pendingElsewhere: (jobId) =>
      new Map(
        database
          .all(
            `SELECT node_id, min(job_id) AS job_id FROM executions
             WHERE state = 'pending' AND job_id <> ? GROUP BY node_id ORDER BY node_id`,
            jobId,
          )
          .map((row) => [String(row["node_id"]), String(row["job_id"])]),
      ),
    evaluation: evaluations.get,
    evaluations: (of = {}) => {
      if (of.jobId !== undefined) {
        const ofJob = evaluations.where("job_id = ?", of.jobId);
        return of.status === undefined
          ? ofJob
          : ofJob.filter((evaluation) => evaluation.status === of.status);
      }
      return of.status === undefined ? evaluations.all() : evaluations.where("state = ?", of.status);
    },
    counts: () => ({
      nodes: nodes.counts(),
      jobs: jobs.counts(),
      executions: executions.counts(),
      evaluations: evaluations.counts(),
    }),
    lastSeqConcerning: events.lastSeqConcerning,
    history: events.history,
    checkpoint: (watcher) => {
      const row = database.get("SELECT seq FROM checkpoints WHERE watcher = ?", watcher);
      return row === undefined ? undefined : Number(row["seq"]);
    },
  };
}

/** What is derived from a value, made anew only when that is another value. */
function derived<From, To>(current: () => From, derive: (from: From) => To): () => To {
  let last: { readonly from: From; readonly to: To } | undefined;
  return () => {
    const from = current();
    if (last?.from !== from) last = { from, to: derive(from) };
    return last.to;
  };
}
