import type { Database } from "../../ports/database.ts";

const VERSION = 1;

/** Entities are kept as JSON (`doc`) beside the columns they are looked up by. Their rowid keeps the order of creation. */
const TABLES = [
  `CREATE TABLE nodes (id TEXT PRIMARY KEY, state TEXT NOT NULL, doc TEXT NOT NULL)`,
  `CREATE TABLE jobs (id TEXT PRIMARY KEY, state TEXT NOT NULL, name TEXT NOT NULL UNIQUE,
     doc TEXT NOT NULL)`,
  `CREATE TABLE job_versions (job_id TEXT NOT NULL, version INTEGER NOT NULL, created_at_ms REAL NOT NULL,
     spec TEXT NOT NULL, PRIMARY KEY (job_id, version))`,
  `CREATE TABLE executions (id TEXT PRIMARY KEY, state TEXT NOT NULL, job_id TEXT NOT NULL,
     node_id TEXT NOT NULL, doc TEXT NOT NULL)`,
  `CREATE INDEX executions_by_job ON executions (job_id)`,
  `CREATE INDEX executions_by_node ON executions (node_id)`,
  `CREATE INDEX executions_pending ON executions (node_id, job_id) WHERE state = 'pending'`,
  `CREATE TABLE evaluations (id TEXT PRIMARY KEY, state TEXT NOT NULL, job_id TEXT NOT NULL,
     updated_at_ms REAL NOT NULL, doc TEXT NOT NULL)`,
  `CREATE INDEX evaluations_by_job ON evaluations (job_id)`,
  `CREATE INDEX evaluations_by_state ON evaluations (state)`,
  `CREATE TABLE events (seq INTEGER PRIMARY KEY, at_ms REAL NOT NULL, kind TEXT NOT NULL, job_id TEXT,
     execution_id TEXT, doc TEXT NOT NULL)`,
  `CREATE INDEX events_by_job ON events (job_id, seq)`,
  `CREATE INDEX events_by_execution ON events (execution_id, seq)`,
  `CREATE TABLE checkpoints (watcher TEXT PRIMARY KEY, seq INTEGER NOT NULL)`,
];

/**
 * Makes the tables of a new database.
 * @throws if the database was written by a newer version, rather than guess at what is in it.
 */
export function prepareSchema(database: Database): void {
  const found = Number(database.get("PRAGMA user_version")?.["user_version"] ?? 0);
  if (found > VERSION) {
    throw new Error(
      `the database has schema version ${found}, this build knows ${VERSION}: use a newer build`,
    );
  }
  if (found === VERSION) return;
  database.transaction(() => {
    for (const table of TABLES) database.run(table);
    database.run(`PRAGMA user_version = ${VERSION}`);
  });
}
