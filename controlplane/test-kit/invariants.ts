import type { LoggedEvent } from "../model/event.ts";
import {
  isLegalDesiredMove,
  isLegalObservedMove,
  type DesiredState,
  type ObservedState,
} from "../model/execution.ts";
import type { Job } from "../model/job.ts";
import { isLegalNodeMove, type NodeConnection } from "../model/node.ts";
import type { AvoidRule, Plan } from "../model/plan.ts";
import { matchesSelector } from "../model/selector.ts";
import type { StoreReader } from "../orchestrator/contracts.ts";
import { reconcile } from "../orchestrator/scheduler/reconcile.ts";
import { anEvaluation } from "./model-builders.ts";

/** What must hold of an orchestrator at any time, or at rest. Each tells what does not, in words. */

/** Every move that was ever committed was legal, and no two executions of a job lived on one node together. */
export function illegalEvents(events: readonly LoggedEvent[]): string[] {
  const observed = new Map<string, ObservedState>();
  const desired = new Map<string, DesiredState>();
  const connections = new Map<string, NodeConnection>();
  const live = new Map<string, string>();
  const problems: string[] = [];
  const check = (legal: boolean, event: LoggedEvent, from: string | undefined): void => {
    if (!legal) problems.push(`${JSON.stringify(event)} after ${from ?? "nothing"}`);
  };

  for (const event of events) {
    const connection = connectionAfter(event);
    if (connection !== undefined) {
      const from = connections.get(connection.nodeId);
      check(isLegalNodeMove(from, connection.to), event, from);
      connections.set(connection.nodeId, connection.to);
    } else if (event.kind === "execution-created") {
      const place = `${event.jobId} on ${event.nodeId}`;
      check(!live.has(place), event, live.get(place));
      live.set(place, event.executionId);
      observed.set(event.executionId, "pending");
      desired.set(event.executionId, "running");
    } else if (event.kind === "execution-desired") {
      const from = desired.get(event.executionId);
      check(isLegalDesiredMove(from, event.to), event, from);
      desired.set(event.executionId, event.to);
    } else if (event.kind === "execution-observed") {
      // A terminal state has no legal follower, so that it never changes.
      const from = observed.get(event.executionId);
      check(isLegalObservedMove(from, event.to), event, from);
      observed.set(event.executionId, event.to);
      if (event.to !== "running") live.delete(`${event.jobId} on ${event.nodeId}`);
    }
  }
  return problems;
}

function connectionAfter(event: LoggedEvent): { nodeId: string; to: NodeConnection } | undefined {
  if (event.kind === "node-joined") return { nodeId: event.nodeId, to: "connected" };
  if (event.kind === "node-disconnected") return { nodeId: event.nodeId, to: "disconnected" };
  return event.kind === "node-left" ? { nodeId: event.nodeId, to: event.to } : undefined;
}

/**
 * At rest nothing waits without a reason that still holds: another look at any job would change nothing, and
 * wait for the same. What is still pending waits for its time.
 */
export function lostEvaluations(
  store: StoreReader,
  at: { readonly nowMs: number; readonly avoid: AvoidRule },
): string[] {
  return store.jobs().flatMap((job) => {
    const evaluations = store.evaluations({ jobId: job.id });
    const plan = lookAt(job, store, at);
    const pending = evaluations.filter(({ status }) => status === "pending");
    const waits = {
      for: evaluations.filter(({ status }) => status === "blocked").map(({ blockedOn }) => blockedOn),
      until: pending.some(({ waitUntilMs }) => waitUntilMs === plan.lookAgainAtMs),
      tooLong: pending.filter(({ waitUntilMs }) => (waitUntilMs ?? 0) <= at.nowMs).length,
    };
    const shouldWait = {
      for: plan.blockedOn === undefined ? [] : [plan.blockedOn],
      until: plan.lookAgainAtMs !== undefined,
      tooLong: 0,
    };
    const { stop, cancel, fail, place } = plan;
    return [
      ...difference("has yet to be decided", { stop, cancel, fail, place }, NOTHING),
      ...difference("is in the state", job.state, plan.state),
      ...difference("waits", waits, shouldWait),
    ].map((problem) => `${job.spec.name} ${problem}`);
  });
}

const NOTHING = { stop: [], cancel: [], fail: [], place: [] };

function lookAt(
  job: Job,
  store: StoreReader,
  at: { readonly nowMs: number; readonly avoid: AvoidRule },
): Plan {
  return reconcile(
    {
      seq: store.lastSeq(),
      evaluation: anEvaluation({ jobId: job.id }),
      job,
      nodes: store.nodes(),
      executions: store.executions({ jobId: job.id }),
      pendingElsewhere: store.pendingElsewhere(job.id),
      ...at,
    },
    () => [],
  );
}

function difference(what: string, seen: object, wanted: object): string[] {
  const [saw, want] = [JSON.stringify(seen), JSON.stringify(wanted)];
  return saw === want ? [] : [`${what} ${saw} instead of ${want}`];
}

/** Every job was looked at after its newest change. `lastLooks`: by job, the newest event at that time. */
export function unseenChanges(store: StoreReader, lastLooks: ReadonlyMap<string, number>): string[] {
  const events = store.eventsAfter(0, Number.MAX_SAFE_INTEGER);
  const nodes = new Map(store.nodes().map((node) => [node.id, node]));
  const concerns = (event: LoggedEvent, job: Job): boolean => {
    if (event.kind === "node-joined" || event.kind === "node-left") {
      const node = nodes.get(event.nodeId);
      return job.wanted && node !== undefined && matchesSelector(job.spec.selector, node);
    }
    if (!("jobId" in event) || event.jobId !== job.id) return false;
    if (event.kind === "execution-observed") return event.by === "edge";
    return event.kind === "job-deployed" || event.kind === "job-stopped";
  };
  return store.jobs().flatMap((job) => {
    const newest = events.findLast((event) => concerns(event, job));
    const seen = lastLooks.get(job.id) ?? 0;
    if (newest === undefined || newest.seq <= seen) return [];
    return [`${job.spec.name} was last looked at after event ${seen}, before ${JSON.stringify(newest)}`];
  });
}
