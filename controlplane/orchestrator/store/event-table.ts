import type { DomainEvent, LoggedEvent } from "../../model/event.ts";
import type { Database, Row } from "../../ports/database.ts";

export interface EventTable {
  append(event: DomainEvent, atMs: number): LoggedEvent;
  readonly lastSeq: () => number;
  readonly after: (seq: number, limit: number) => LoggedEvent[];
  readonly history: (of: { readonly jobId?: string; readonly executionId?: string }) => LoggedEvent[];
  /** The newest event on which a plan for this job could depend; 0 if there was none since start-up. */
  readonly lastSeqConcerning: (jobId: string) => number;
  removeBefore(ms: number, keepFromSeq: number): void;
  forget(): void;
}

/** How many of the newest events stay in memory: watchers that keep up never touch the disk. */
const RECENT = 4096;

/** The event log: numbered without gaps within one run of the orchestrator, in order of commit. */
export function createEventTable(database: Database): EventTable {
  let last = readLastSeq(database);
  let recent: LoggedEvent[] = [];
  // A snapshot never outlives the process, so what it could depend on is kept in memory alone.
  const lastByJob = new Map<string, number>();
  let lastForAll = 0;

  return {
    append: (event, atMs) => {
      last += 1;
      const logged: LoggedEvent = { seq: last, atMs, ...event };
      database.run(
        "INSERT INTO events (seq, at_ms, kind, job_id, execution_id, doc) VALUES (?, ?, ?, ?, ?, ?)",
        last,
        atMs,
        event.kind,
        "jobId" in event ? event.jobId : null,
        "executionId" in event ? event.executionId : null,
        JSON.stringify(event),
      );
      recent.push(logged);
      if (recent.length > 2 * RECENT) recent = recent.slice(-RECENT);
      if (concernsEveryJob(event)) lastForAll = last;
      else if ("jobId" in event && !isAboutLooking(event)) lastByJob.set(event.jobId, last);
      return logged;
    },
    lastSeq: () => last,
    after: (seq, limit) => {
      if (seq >= last) return [];
      const first = recent[0];
      if (first !== undefined && first.seq <= seq + 1) {
        const from = seq + 1 - first.seq;
        return recent.slice(from, from + limit);
      }
      return database.all("SELECT * FROM events WHERE seq > ? ORDER BY seq LIMIT ?", seq, limit).map(read);
    },
    history: (of) =>
      (of.executionId === undefined
        ? database.all("SELECT * FROM events WHERE job_id = ? ORDER BY seq", of.jobId ?? "")
        : database.all("SELECT * FROM events WHERE execution_id = ? ORDER BY seq", of.executionId)
      ).map(read),
    lastSeqConcerning: (jobId) => Math.max(lastForAll, lastByJob.get(jobId) ?? 0),
    removeBefore: (ms, keepFromSeq) => {
      // The newest one stays, so that numbers are not given out twice.
      database.run("DELETE FROM events WHERE at_ms < ? AND seq < ? AND seq < ?", ms, keepFromSeq, last);
    },
    forget: () => {
      last = readLastSeq(database);
      recent = [];
      // What was rolled back must not look newer than anything that can follow.
      lastForAll = Math.min(lastForAll, last);
      for (const [jobId, seq] of lastByJob) lastByJob.set(jobId, Math.min(seq, last));
    },
  };
}

/** Nodes are what every job runs on; a new pending execution can make a node one to avoid for all others. */
function concernsEveryJob(event: DomainEvent): boolean {
  return event.kind.startsWith("node-") || event.kind === "execution-created";
}

/** These tell of looks at the job, not of anything that a look depends on. */
function isAboutLooking(event: DomainEvent): boolean {
  return (
    event.kind === "evaluation-pending" || event.kind === "evaluation-ended" || event.kind === "job-state"
  );
}

function readLastSeq(database: Database): number {
  return Number(database.get("SELECT max(seq) AS seq FROM events")?.["seq"] ?? 0);
}

function read(row: Row): LoggedEvent {
  // Written by `append`; the log is read by the version that wrote it or a newer one.
  const event = JSON.parse(String(row["doc"])) as DomainEvent;
  return { seq: Number(row["seq"]), atMs: Number(row["at_ms"]), ...event };
}
