import type { DomainEvent, LoggedEvent } from "../model/event.ts";
import type { BlockedOn, Evaluation, EvaluationStatus, EvaluationTrigger } from "../model/evaluation.ts";
import type { DesiredState, Execution, ObservedState } from "../model/execution.ts";
import type { Job, JobSpec } from "../model/job.ts";
import type { EdgeNode } from "../model/node.ts";
import type { Plan, Snapshot } from "../model/plan.ts";
import type { LogFields } from "../ports/log.ts";
import type { EdgeCommand } from "../protocol/messages.ts";

/**
 * What the parts of the orchestrator know of each other. No part imports its sibling; `orchestrator.ts`
 * hands each the others it needs, as these interfaces.
 */

/** State that has been committed. */
export interface StoreReader {
  /** Number of the newest event; 0 if there is none yet. */
  lastSeq(): number;
  eventsAfter(seq: number, limit: number): LoggedEvent[];
  node(id: string): EdgeNode | undefined;
  /** In order of id. */
  nodes(): readonly EdgeNode[];
  job(id: string): Job | undefined;
  jobByName(name: string): Job | undefined;
  /** Oldest first. */
  jobs(): readonly Job[];
  /** What one version of a job said. */
  jobSpec(jobId: string, version: number): JobSpec | undefined;
  /** Oldest first. */
  jobVersions(
    jobId: string,
  ): { readonly version: number; readonly spec: JobSpec; readonly createdAtMs: number }[];
  execution(id: string): Execution | undefined;
  /** Oldest first. */
  executions(of?: { readonly jobId?: string; readonly nodeId?: string }): readonly Execution[];
  /** One id of another job for every node on which an execution of such a job is pending. */
  pendingElsewhere(jobId: string): ReadonlyMap<string, string>;
  evaluation(id: string): Evaluation | undefined;
  /** Oldest first. */
  evaluations(of?: { readonly jobId?: string; readonly status?: EvaluationStatus }): readonly Evaluation[];
  counts(): StoreCounts;
  /** The newest event about this job or any node that a plan for it could depend on. */
  lastSeqConcerning(jobId: string): number;
  history(of: { readonly jobId?: string; readonly executionId?: string }): LoggedEvent[];
  checkpoint(watcher: string): number | undefined;
}

export interface StoreCounts {
  readonly nodes: Readonly<Record<string, number>>;
  readonly jobs: Readonly<Record<string, number>>;
  readonly executions: Readonly<Record<string, number>>;
  readonly evaluations: Readonly<Record<string, number>>;
}

/** The only place that writes. Legal moves are checked here, and nowhere else. */
export interface StoreWriter extends StoreReader {
  /** @throws IllegalMoveError */
  putNode(node: NodeDraft): EdgeNode;
  /** A new job, or a new version of one. */
  deployJob(job: { readonly id: string; readonly spec: JobSpec }): Job;
  setJob(jobId: string, change: Partial<Pick<Job, "wanted" | "state">>): Job;
  removeJob(jobId: string): void;
  addExecution(execution: ExecutionDraft): Execution;
  /** @throws IllegalMoveError */
  setExecution(id: string, change: ExecutionChange): Execution;
  linkNext(executionId: string, nextExecutionId: string): void;
  addEvaluation(evaluation: EvaluationDraft): Evaluation;
  setEvaluation(
    id: string,
    change: {
      readonly status: EvaluationStatus;
      readonly blockedOn?: BlockedOn;
      readonly waitUntilMs?: number;
    },
  ): Evaluation;
  /** Writes an event that changes no state by itself. */
  logEvent(event: DomainEvent): void;
  saveCheckpoint(watcher: string, seq: number): void;
  /** Drops evaluations that ended, and events, from before; keeps events that a watcher has yet to see. */
  collectGarbage(before: { readonly evaluationsMs: number; readonly eventsMs: number }): void;
}

export interface Store extends StoreReader {
  /** Commits all that `work` wrote with the events that tell of it, or nothing if it throws. */
  change<T>(work: (writer: StoreWriter) => T): T;
  /** Called after every commit that logged events. */
  onCommit(listener: () => void): void;
}

export type NodeDraft = Omit<EdgeNode, "createdAtMs" | "updatedAtMs" | "revision">;

export type ExecutionDraft = Pick<
  Execution,
  "id" | "evalId" | "jobId" | "jobVersion" | "nodeId" | "attempt" | "previousExecutionId"
> & { readonly message: string };

export interface ExecutionChange {
  readonly desired?: { readonly state: DesiredState; readonly message: string };
  readonly observed?: { readonly state: ObservedState; readonly message: string };
  readonly by: "edge" | "plan";
}

export interface EvaluationDraft {
  readonly id: string;
  readonly jobId: string;
  readonly trigger: EvaluationTrigger;
  readonly waitUntilMs?: number | undefined;
}

/** A change of state that the tables in `model` do not allow. */
export class IllegalMoveError extends Error {
  override readonly name = "IllegalMoveError";
  readonly what: string;
  readonly from: string;
  readonly to: string;
  constructor(what: string, from: string, to: string) {
    super(`${what} must not move from ${from} to ${to}`);
    this.what = what;
    this.from = from;
    this.to = to;
  }
}

/** Reads the event log in order, one event at a time. */
export interface Watcher {
  start(): void;
  stop(): void;
  /** For `checkpoint: "manual"`: everything up to `seq` has been dealt with. */
  done(seq: number): void;
  /** The event it is at, if it is stuck behind one that keeps failing. */
  blockedAt(): LoggedEvent | undefined;
}

export interface WatcherOptions {
  readonly name: string;
  readonly filter: (event: LoggedEvent) => boolean;
  readonly startAt: "latest" | "beginning" | "checkpoint";
  /** `none`: ephemeral. `each`: after every event. `manual`: by `done`. */
  readonly checkpoint: "none" | "each" | "manual";
  /** `block` retries the same event, 200 ms doubling to 1 s, and everything behind it waits. */
  readonly onFailure: "skip" | "block";
  /** Deals with one event. A throw is a failure. */
  readonly handle: (event: LoggedEvent) => void;
}

export type CreateWatcher = (options: WatcherOptions) => Watcher;

/** Applies plans. */
export interface Planner {
  /** `stale`: the job or its nodes have changed since the snapshot; nothing was applied. */
  apply(plan: Plan): "applied" | "stale";
}

/** The way to the edges. */
export interface Transport {
  /** Sets up a data plane unless a living one is there; ready after the set-up time. */
  openDataPlane(node: { readonly id: string; readonly name: string }): void;
  closeDataPlane(nodeId: string): void;
  dataPlane(nodeId: string): DataPlaneState;
  /** Called whenever a data plane has become ready. */
  onReady(listener: (nodeId: string) => void): void;
  /**
   * Hands a message to NATS, which takes it whether or not anybody listens. `fields`: what the log is to say
   * it is about.
   * @throws NodeNotConnectedError without a data plane that is alive.
   */
  publishAsync(nodeId: string, command: EdgeCommand, fields: LogFields): void;
}

export type DataPlaneState = "none" | "setting-up" | "ready";

/** `ErrNodeNotConnected` of the seeds: there is no living data plane for the node. */
export class NodeNotConnectedError extends Error {
  override readonly name = "NodeNotConnectedError";
  constructor(nodeId: string) {
    super(`ErrNodeNotConnected: no data plane for node ${nodeId}`);
  }
}

/** When the orchestrator last heard of a node; kept in memory only. */
export interface NodePresence {
  lastHeardMs(nodeId: string): number | undefined;
}

/** Compares what edges have with what they should have. */
export interface InventoryDesk {
  start(): void;
  stop(): void;
  /** The digest that a heartbeat of this node carries if both sides agree. */
  digestFor(nodeId: string): string;
}

/** How lost messages are made good. `none` is the bug (spec 1-system, "Recovery strategies"). */
export interface Recovery {
  readonly name: string;
  /** What the dispatcher does with an event that failed. */
  readonly dispatchFailure: "skip" | "block";
  /** Which of the job's executions are to be sent once more at this look. */
  readonly redispatch: (snapshot: Snapshot) => readonly string[];
  /** Whether a re-dispatch that was refused is tried again once the node's data plane is ready. */
  readonly retriesRefused: boolean;
  /** Whether edges tell what they have after each handshake. */
  readonly comparesOnHandshake: boolean;
  /** Whether heartbeats carry a digest, and what differs is compared. */
  readonly comparesDigests: boolean;
  /** Whether a node that comes under a new id retires the old id of its name. */
  readonly supersedes: boolean;
}
