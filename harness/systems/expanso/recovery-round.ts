import type { Entry, EntryOf } from "../../timeline/entry.ts";
import { logged } from "../../timeline/timeline.ts";
import type { RecoveryRound } from "../system.ts";
import { PATTERNS } from "./patterns.ts";

/** A watcher hears of a handshake at once; on a busy machine its line may be late by so much. */
const HEARS_WITHIN_MS = 1_000;

/** After a node's return its jobs have to be looked at once more: what came of the last handshake for this one. */
export function recoveryRound(timeline: readonly Entry[], jobId: string): RecoveryRound {
  const looks = logged(timeline, PATTERNS.rolloutChecked.name).filter(
    (entry) => entry.fields["job_id"] === jobId,
  );
  const handshake = logged(timeline, PATTERNS.handshake.name).at(-1);
  if (looks[0] === undefined || handshake === undefined || handshake.atMs < looks[0].atMs) return "none";
  const round = looks.find(
    (entry) => entry.atMs >= handshake.atMs && entry.fields["trigger"] === "node-join",
  );
  return round ?? (isOnItsWay(timeline, { handshake, looks, jobId }) ? "due" : "never");
}

/** A join waits for its batch, then the evaluation that came of it for the scheduler; else nothing will come. */
function isOnItsWay(
  timeline: readonly Entry[],
  at: {
    readonly handshake: EntryOf<"log">;
    readonly looks: readonly EntryOf<"log">[];
    readonly jobId: string;
  },
): boolean {
  const { handshake, looks, jobId } = at;
  if ((timeline.at(-1)?.atMs ?? 0) < handshake.atMs + HEARS_WITHIN_MS) return true;
  if (joinsWaiting(timeline) > 0) return true;
  const evaluation = logged(timeline, PATTERNS.evaluationCreated.name).findLast(
    ({ atMs, fields }) => atMs >= handshake.atMs && fields["job_id"] === jobId,
  );
  return evaluation !== undefined && !looks.some((look) => look.atMs >= evaluation.atMs);
}

/** Joins and leaves that wait for their batch. An orchestrator that was started anew queues them anew. */
function joinsWaiting(timeline: readonly Entry[]): number {
  const started = logged(timeline, PATTERNS.orchestratorStarted.name).at(-1)?.seq ?? -1;
  const since = (pattern: string) => logged(timeline, pattern).filter((entry) => entry.seq > started);
  const taken = since(PATTERNS.batchStarted.name).map(({ fields }) => Number(fields["events"] ?? 0));
  return since(PATTERNS.batchQueued.name).length - taken.reduce((sum, events) => sum + events, 0);
}
