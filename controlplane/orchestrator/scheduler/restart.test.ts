import { describe, expect, it } from "vitest";
import { aJob, aNode, anExecution, aSnapshot } from "../../test-kit/model-builders.ts";
import { START_MS } from "../../test-kit/manual-clock.ts";
import { reconcile } from "./reconcile.ts";
import { replacementOf } from "./restart.ts";

const failed = (attempt = 0) => anExecution({ observed: "failed", attempt, updatedAtMs: START_MS });

describe("a failed execution", () => {
  it.each([
    [0, 1_000],
    [1, 2_000],
    [2, 4_000],
    [5, 32_000],
    [6, 60_000],
    [50, 60_000],
    [5_000, 60_000],
  ])("that is failure %i in a row is replaced after %i ms", (attempt, backOffMs) => {
    const atMs = START_MS + backOffMs;
    expect(replacementOf(failed(attempt), "on-failure", atMs - 1)).toEqual({ kind: "later", atMs });
    expect(replacementOf(failed(attempt), "on-failure", atMs)).toEqual({
      kind: "now",
      replaces: "e1",
      attempt: attempt + 1,
    });
  });

  it("is replaced under always as under on-failure", () => {
    expect(replacementOf(failed(), "always", START_MS)).toEqual({ kind: "later", atMs: START_MS + 1_000 });
  });

  it("is never replaced under never", () => {
    expect(replacementOf(failed(), "never", START_MS + 3_600_000)).toEqual({ kind: "never" });
  });
});

describe("what did not fail by its own doing is replaced at once, under every policy", () => {
  it.each(["on-failure", "always", "never"] as const)("%s", (policy) => {
    const ends = [
      // Lost with its node.
      anExecution({ desired: "stopped", observed: "failed", attempt: 3 }),
      anExecution({ desired: "stopped", observed: "stopped" }),
      anExecution({ desired: "stopped", observed: "cancelled" }),
    ];
    const now = { kind: "now", replaces: "e1", attempt: 0 };
    expect(ends.map((ended) => replacementOf(ended, policy, START_MS))).toEqual([now, now, now]);
    expect(replacementOf(undefined, policy, START_MS)).toEqual({
      kind: "now",
      replaces: undefined,
      attempt: 0,
    });
  });
});

describe("a plan", () => {
  const nodes = [aNode("n1"), aNode("n2"), aNode("n3")];

  it("waits for a back-off, and says when the first of them ends", () => {
    const plan = reconcile(
      aSnapshot({
        nodes,
        executions: [
          anExecution({ id: "e1", nodeId: "n1", observed: "running" }),
          anExecution({ id: "e2", nodeId: "n2", observed: "failed", attempt: 3 }),
          anExecution({ id: "e3", nodeId: "n3", observed: "failed", attempt: 1 }),
        ],
      }),
      () => [],
    );
    expect(plan.place).toEqual([]);
    expect(plan.lookAgainAtMs).toBe(START_MS + 2_000);
    expect(plan.state.type).toBe("deploying");
  });

  it("replaces when the back-off is over, with the failures counted on", () => {
    const plan = reconcile(
      aSnapshot({
        nowMs: START_MS + 4_000,
        executions: [anExecution({ observed: "failed", attempt: 2 })],
      }),
      () => [],
    );
    expect(plan.place).toEqual([{ nodeId: "n1", replaces: "e1", attempt: 3 }]);
    expect(plan.lookAgainAtMs).toBeUndefined();
  });

  it("starts afresh with a new version, whatever failed before", () => {
    const plan = reconcile(
      aSnapshot({
        job: aJob({ version: 2, spec: { restart_policy: "never" } }),
        executions: [anExecution({ jobVersion: 1, observed: "failed", attempt: 7 })],
      }),
      () => [],
    );
    expect(plan.place).toEqual([{ nodeId: "n1", replaces: undefined, attempt: 0 }]);
  });

  it("gives up under never", () => {
    const plan = reconcile(
      aSnapshot({
        job: aJob({ spec: { restart_policy: "never" } }),
        executions: [anExecution({ observed: "failed" })],
      }),
      () => [],
    );
    expect([plan.place, plan.lookAgainAtMs, plan.state.type]).toEqual([[], undefined, "failed"]);
  });
});
