import type { Evaluation, EvaluationTrigger } from "../../model/evaluation.ts";

/**
 * Evaluations in the order in which they came, at most one waiting per job: a further one for the same job
 * coalesces with it, because one look sees everything. Pure bookkeeping, no I/O.
 */
export interface EvaluationQueue {
  /** Tells which evaluation is not needed any more, if the two were made one. */
  add(evaluation: Evaluation): { readonly superseded?: string };
  /** Takes the first one out. */
  next(): Evaluation | undefined;
  size(): number;
}

export function createEvaluationQueue(): EvaluationQueue {
  // A Map keeps the order in which jobs came first.
  const waiting = new Map<string, Evaluation>();
  return {
    add: (evaluation) => {
      const other = waiting.get(evaluation.jobId);
      if (other === undefined || other.id === evaluation.id) {
        waiting.set(evaluation.jobId, evaluation);
        return {};
      }
      const keepOther = rank(other.trigger) > rank(evaluation.trigger);
      if (keepOther) return { superseded: evaluation.id };
      waiting.set(evaluation.jobId, evaluation);
      return { superseded: other.id };
    },
    next: () => {
      const first = waiting.values().next();
      if (first.done === true) return undefined;
      waiting.delete(first.value.jobId);
      return first.value;
    },
    size: () => waiting.size,
  };
}

/**
 * Only `node-join` makes a look see more (stuck executions, re-dispatch), so it must survive; `node-leave`
 * comes next so that the log tells of it; for the rest the newest will do.
 */
function rank(trigger: EvaluationTrigger): number {
  if (trigger === "node-join") return 2;
  return trigger === "node-leave" ? 1 : 0;
}
