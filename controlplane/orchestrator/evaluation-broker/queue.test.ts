import { describe, expect, it } from "vitest";
import type { Evaluation, EvaluationTrigger } from "../../model/evaluation.ts";
import { anEvaluation } from "../../test-kit/model-builders.ts";
import { createEvaluationQueue, type EvaluationQueue } from "./queue.ts";

const of = (jobId: string, id: string, trigger: EvaluationTrigger = "exec-update"): Evaluation =>
  anEvaluation({ id, jobId, trigger });

function drain(queue: EvaluationQueue): string[] {
  const ids: string[] = [];
  for (let next = queue.next(); next !== undefined; next = queue.next()) ids.push(next.id);
  return ids;
}

it("gives evaluations out in the order in which they came", () => {
  const queue = createEvaluationQueue();
  for (const job of ["j2", "j1", "j3"]) queue.add(of(job, `of-${job}`));
  expect(queue.size()).toBe(3);
  expect(drain(queue)).toEqual(["of-j2", "of-j1", "of-j3"]);
  expect(queue.next()).toBeUndefined();
});

describe("a second evaluation of a job", () => {
  it("takes the place of the first in the queue, not a new one", () => {
    const queue = createEvaluationQueue();
    queue.add(of("j1", "first"));
    queue.add(of("j2", "other"));
    expect(queue.add(of("j1", "second"))).toEqual({ superseded: "first" });
    expect(drain(queue)).toEqual(["second", "other"]);
  });

  it.each<[EvaluationTrigger, EvaluationTrigger, EvaluationTrigger]>([
    ["node-join", "exec-update", "node-join"],
    ["exec-update", "node-join", "node-join"],
    ["node-join", "node-leave", "node-join"],
    ["node-leave", "node-join", "node-join"],
    ["node-leave", "job-update", "node-leave"],
    ["job-create", "job-stop", "job-stop"],
    ["job-update", "restart", "restart"],
    ["node-join", "node-join", "node-join"],
  ])("after %s comes %s: %s is kept", (first, second, kept) => {
    const queue = createEvaluationQueue();
    queue.add(of("j1", "first", first));
    const { superseded } = queue.add(of("j1", "second", second));
    expect(queue.next()?.trigger).toBe(kept);
    expect(superseded).toBe(kept === second ? "first" : "second");
    expect(queue.size()).toBe(0);
  });

  it("is none if it is the same one", () => {
    const queue = createEvaluationQueue();
    queue.add(of("j1", "v1"));
    expect(queue.add(of("j1", "v1"))).toEqual({});
    expect(drain(queue)).toEqual(["v1"]);
  });
});
