import { isLegalDesiredMove, isLegalObservedMove, type Execution } from "../../model/execution.ts";
import type { Job } from "../../model/job.ts";
import { isLegalNodeMove, type EdgeNode } from "../../model/node.ts";
import type { Evaluation } from "../../model/evaluation.ts";
import type { Clock } from "../../ports/clock.ts";
import {
  IllegalMoveError,
  type EvaluationDraft,
  type ExecutionChange,
  type ExecutionDraft,
  type NodeDraft,
  type StoreReader,
  type StoreWriter,
} from "../contracts.ts";
import type { Tables } from "./store.ts";

/** Writes state and the events that tell of it; to be used inside a transaction only. */
export function createWriter(tables: Tables, reader: StoreReader, clock: Clock): StoreWriter {
  const { database, nodes, jobs, executions, evaluations, events } = tables;
  const now = () => clock.nowMs();
  const logEvent: StoreWriter["logEvent"] = (event) => {
    events.append(event, now());
  };

  return {
    ...reader,
    logEvent,
    putNode: (draft) => {
      const known = nodes.get(draft.id);
      if (!isLegalNodeMove(known?.connection, draft.connection)) {
        throw new IllegalMoveError(`node ${draft.id}`, known?.connection ?? "new", draft.connection);
      }
      const node: EdgeNode = {
        ...draft,
        createdAtMs: known?.createdAtMs ?? now(),
        updatedAtMs: now(),
        revision: (known?.revision ?? 0) + 1,
      };
      if (known === undefined) nodes.insert(node);
      else nodes.update(node);
      logNodeMove(draft, known, logEvent);
      return node;
    },
    deployJob: ({ id, spec }) => {
      const known = jobs.get(id);
      const job: Job = {
        id,
        spec,
        version: (known?.version ?? 0) + 1,
        wanted: true,
        state: { type: "pending", message: "waiting for its first evaluation" },
        createdAtMs: known?.createdAtMs ?? now(),
        updatedAtMs: now(),
        revision: (known?.revision ?? 0) + 1,
      };
      if (known === undefined) jobs.insert(job);
      else jobs.update(job);
      database.run(
        "INSERT INTO job_versions (job_id, version, created_at_ms, spec) VALUES (?, ?, ?, ?)",
        id,
        job.version,
        now(),
        JSON.stringify(spec),
      );
      logEvent({ kind: "job-deployed", jobId: id, version: job.version });
      return job;
    },
    setJob: (jobId, change) => {
      const known = existing(jobs.get(jobId), "job", jobId);
      const job: Job = { ...known, ...change, updatedAtMs: now(), revision: known.revision + 1 };
      jobs.update(job);
      if (known.wanted && !job.wanted) logEvent({ kind: "job-stopped", jobId });
      if (known.state.type !== job.state.type) logEvent({ kind: "job-state", jobId, to: job.state.type });
      return job;
    },
    removeJob: (jobId) => {
      for (const execution of reader.executions({ jobId })) executions.remove(execution.id);
      for (const evaluation of reader.evaluations({ jobId })) evaluations.remove(evaluation.id);
      database.run("DELETE FROM job_versions WHERE job_id = ?", jobId);
      jobs.remove(jobId);
      logEvent({ kind: "job-deleted", jobId });
    },
    addExecution: (draft) => addExecution(draft),
    setExecution: (id, change) => setExecution(id, change),
    linkNext: (executionId, nextExecutionId) => {
      executions.update({
        ...existing(executions.get(executionId), "execution", executionId),
        nextExecutionId,
      });
    },
    addEvaluation: (draft) => addEvaluation(draft),
    setEvaluation: (id, change) => {
      const { blockedOn: _, waitUntilMs: __, ...known } = existing(evaluations.get(id), "evaluation", id);
      const evaluation: Evaluation = { ...known, ...change, updatedAtMs: now() };
      evaluations.update(evaluation);
      if (change.status === "pending") {
        logEvent({
          kind: "evaluation-pending",
          evaluationId: id,
          jobId: known.jobId,
          trigger: known.trigger,
        });
      } else if (change.status !== "blocked") {
        logEvent({ kind: "evaluation-ended", evaluationId: id, jobId: known.jobId });
      }
      return evaluation;
    },
    saveCheckpoint: (watcher, seq) => {
      database.run("INSERT OR REPLACE INTO checkpoints (watcher, seq) VALUES (?, ?)", watcher, seq);
    },
    collectGarbage: (before) => {
      const ended = evaluations.where(
        "state IN ('complete', 'failed', 'canceled') AND updated_at_ms < ?",
        before.evaluationsMs,
      );
      for (const evaluation of ended) evaluations.remove(evaluation.id);
      const slowest = database.get("SELECT min(seq) AS seq FROM checkpoints")?.["seq"];
      events.removeBefore(before.eventsMs, Number(slowest ?? 0));
    },
  };

  function addExecution(draft: ExecutionDraft): Execution {
    const { message, ...identity } = draft;
    const execution: Execution = {
      ...identity,
      desired: { state: "running", message },
      observed: { state: "pending", message: "not reported yet" },
      createdAtMs: now(),
      updatedAtMs: now(),
      revision: 1,
    };
    executions.insert(execution);
    logEvent({ kind: "execution-created", ...eventIds(execution) });
    return execution;
  }

  function setExecution(id: string, change: ExecutionChange): Execution {
    const known = existing(executions.get(id), "execution", id);
    const { desired, observed } = change;
    const moves = {
      desired: desired !== undefined && desired.state !== known.desired.state,
      observed: observed !== undefined && observed.state !== known.observed.state,
    };
    if (moves.desired && !isLegalDesiredMove(known.desired.state, desired!.state)) {
      throw new IllegalMoveError(`desired state of ${id}`, known.desired.state, desired!.state);
    }
    if (moves.observed && !isLegalObservedMove(known.observed.state, observed!.state)) {
      throw new IllegalMoveError(`observed state of ${id}`, known.observed.state, observed!.state);
    }
    const execution: Execution = {
      ...known,
      desired: desired ?? known.desired,
      observed: observed ?? known.observed,
      updatedAtMs: now(),
      revision: known.revision + 1,
    };
    executions.update(execution);
    const ids = eventIds(execution);
    if (moves.desired) logEvent({ kind: "execution-desired", ...ids, to: execution.desired.state });
    if (moves.observed) {
      logEvent({ kind: "execution-observed", ...ids, to: execution.observed.state, by: change.by });
    }
    return execution;
  }

  function addEvaluation(draft: EvaluationDraft): Evaluation {
    const evaluation: Evaluation = { ...draft, status: "pending", createdAtMs: now(), updatedAtMs: now() };
    evaluations.insert(evaluation);
    logEvent({
      kind: "evaluation-pending",
      evaluationId: draft.id,
      jobId: draft.jobId,
      trigger: draft.trigger,
    });
    return evaluation;
  }
}

function logNodeMove(node: NodeDraft, known: EdgeNode | undefined, logEvent: StoreWriter["logEvent"]): void {
  switch (node.connection) {
    case "connected":
      return logEvent({ kind: "node-joined", nodeId: node.id, from: known?.connection });
    case "disconnected":
      return logEvent({
        kind: known === undefined ? "node-registered" : "node-disconnected",
        nodeId: node.id,
      });
    case "lost":
    case "deleted":
      return logEvent({ kind: "node-left", nodeId: node.id, to: node.connection });
  }
}

function eventIds(execution: Execution) {
  return { executionId: execution.id, jobId: execution.jobId, nodeId: execution.nodeId };
}

/** Ids come from the store itself or from somebody who has just read them. */
function existing<T>(entity: T | undefined, kind: string, id: string): T {
  if (entity === undefined) throw new Error(`no ${kind} ${id}`);
  return entity;
}
