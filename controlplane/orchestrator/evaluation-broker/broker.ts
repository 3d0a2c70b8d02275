import type { Evaluation } from "../../model/evaluation.ts";
import type { LoggedEvent } from "../../model/event.ts";
import type { Plan } from "../../model/plan.ts";
import { matchesSelector } from "../../model/selector.ts";
import type { Clock, Timer } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { Random } from "../../ports/random.ts";
import type { CreateWatcher, Store } from "../contracts.ts";
import { jobFields } from "../log-fields.ts";
import { createEvaluationQueue } from "./queue.ts";

const NACK_DELAY_MS = 100;
const ATTEMPTS = 5;

/** What the worker made of an evaluation: see `scheduler/worker.ts`. */
export type WorkResult =
  { readonly kind: "complete"; readonly plan: Plan } | { readonly kind: "stale" } | { readonly kind: "void" };

/**
 * Decides when which evaluation is looked at: first come first served, at most one per job. One that waits
 * for nodes is woken by the event that frees them, at once and not through the re-evaluator's batch: so a
 * dispatch can follow a handshake before the data plane is there (seed 001's timing pattern, loss L3).
 */
export function createEvaluationBroker(parts: {
  readonly createWatcher: CreateWatcher;
  readonly clock: Clock;
  readonly random: Random;
  readonly store: Store;
  readonly log: Log;
  readonly work: (evaluation: Evaluation) => WorkResult;
}): { start(): void; stop(): void } {
  const { createWatcher, clock, random, store, log, work } = parts;
  const queue = createEvaluationQueue();
  const attempts = new Map<string, number>();
  const timers = new Set<Timer>();
  let working = false;

  const watcher = createWatcher({
    name: "evaluation-broker",
    // What was there before is rebuilt from the store at start.
    startAt: "latest",
    checkpoint: "none",
    onFailure: "block",
    filter: () => true,
    handle: (event) => see(event),
  });

  return {
    start: () => {
      for (const evaluation of store.evaluations({ status: "pending" })) enqueue(evaluation);
      watcher.start();
      // What they wait for may have happened while nobody watched; one look each tells.
      wake(() => true);
    },
    stop: () => {
      watcher.stop();
      for (const timer of timers) timer.cancel();
      timers.clear();
    },
  };

  function see(event: LoggedEvent): void {
    if (event.kind === "evaluation-pending") {
      const evaluation = store.evaluation(event.evaluationId);
      if (evaluation?.status === "pending") enqueue(evaluation);
    } else if (event.kind === "node-joined") {
      // One that is waited for may match no longer: then another node will have to do.
      wake(({ blockedOn, jobId }) =>
        blockedOn?.kind === "nodes" ? blockedOn.nodeIds.includes(event.nodeId) : matches(jobId, event.nodeId),
      );
      // An execution that is no longer pending frees its node for other jobs.
    } else if (event.kind === "execution-observed" || event.kind === "node-left") {
      wake(({ blockedOn }) => blockedOn?.kind === "nodes" && blockedOn.nodeIds.includes(event.nodeId));
    }
  }

  function matches(jobId: string, nodeId: string): boolean {
    const job = store.job(jobId);
    const node = store.node(nodeId);
    return job !== undefined && node !== undefined && matchesSelector(job.spec.selector, node);
  }

  function wake(isFor: (evaluation: Evaluation) => boolean): void {
    for (const evaluation of store.evaluations({ status: "blocked" })) {
      if (!isFor(evaluation)) continue;
      log.debug("BROKER: Blocked evaluation wakes", {
        eval_id: evaluation.id,
        ...jobFields(store, evaluation.jobId),
      });
      // Logs `evaluation-pending`, which brings it back here.
      store.change((writer) => writer.setEvaluation(evaluation.id, { status: "pending" }));
    }
  }

  function enqueue(evaluation: Evaluation): void {
    if (!isPending(evaluation)) return;
    const delayMs = (evaluation.waitUntilMs ?? 0) - clock.nowMs();
    if (delayMs > 0) return later(delayMs, () => enqueue(evaluation));
    const { superseded } = queue.add(evaluation);
    if (superseded !== undefined)
      store.change((writer) => writer.setEvaluation(superseded, { status: "canceled" }));
    workSoon();
  }

  /** Looks come one after the other, each on its own turn, so that what arrives together coalesces. */
  function workSoon(): void {
    if (working) return;
    working = true;
    later(0, () => {
      working = false;
      const evaluation = queue.next();
      if (evaluation === undefined) return;
      process(evaluation);
      if (queue.size() > 0) workSoon();
    });
  }

  /** False once it was deleted with its job, which can happen wherever it waits. */
  function isPending(evaluation: Evaluation): boolean {
    return store.evaluation(evaluation.id)?.status === "pending";
  }

  function process(evaluation: Evaluation): void {
    if (!isPending(evaluation)) return;
    let result: WorkResult;
    try {
      result = work(evaluation);
    } catch (error) {
      return nack(evaluation, error instanceof Error ? error.message : String(error));
    }
    if (result.kind === "stale") return nack(evaluation, "stale snapshot");
    attempts.delete(evaluation.id);
    store.change((writer) => {
      if (result.kind === "void") {
        writer.setEvaluation(evaluation.id, { status: "canceled" });
        return;
      }
      const { blockedOn, lookAgainAtMs, jobId } = result.plan;
      // One look has seen all that an older blocked evaluation of this job waits to see.
      for (const other of writer.evaluations({ jobId, status: "blocked" })) {
        if (other.id !== evaluation.id) writer.setEvaluation(other.id, { status: "canceled" });
      }
      if (blockedOn === undefined) writer.setEvaluation(evaluation.id, { status: "complete" });
      else writer.setEvaluation(evaluation.id, { status: "blocked", blockedOn });
      if (lookAgainAtMs !== undefined) {
        writer.addEvaluation({ id: random.uuid(), jobId, trigger: "restart", waitUntilMs: lookAgainAtMs });
      }
    });
  }

  /** Back into the queue after a delay; a job that cannot be evaluated at all must not hold up the others. */
  function nack(evaluation: Evaluation, why: string): void {
    const failed = (attempts.get(evaluation.id) ?? 0) + 1;
    const fields = { eval_id: evaluation.id, ...jobFields(store, evaluation.jobId), why };
    if (failed >= ATTEMPTS) {
      attempts.delete(evaluation.id);
      log.error("BROKER: Evaluation failed", fields);
      store.change((writer) => writer.setEvaluation(evaluation.id, { status: "failed" }));
      return;
    }
    attempts.set(evaluation.id, failed);
    log.warn("BROKER: Evaluation is tried again", fields);
    later(NACK_DELAY_MS * failed, () => enqueue(evaluation));
  }

  function later(delayMs: number, task: () => void): void {
    const timer = clock.after(delayMs, () => {
      timers.delete(timer);
      task();
    });
    timers.add(timer);
  }
}
