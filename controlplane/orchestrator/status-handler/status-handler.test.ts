import { describe, expect, it } from "vitest";
import type { ObservedState, ReportedState } from "../../model/execution.ts";
import { subjectTo } from "../../protocol/subjects.ts";
import { addExecution, aStore, deployJob, putNode } from "../../test-kit/a-store.ts";
import { aUuid } from "../../test-kit/counting-random.ts";
import { createMemoryBroker } from "../../test-kit/memory-bus.ts";
import { createStatusHandler } from "./status-handler.ts";

const N1 = aUuid(1);

/** A status handler that knows `e1` of `j1` on `N1`, in the state that is given. */
function aStatusHandler({ known = "pending" }: { known?: ObservedState } = {}) {
  const { store, clock, log } = aStore();
  putNode(store, N1, { name: "edge1" });
  deployJob(store, "j1");
  addExecution(store, { nodeId: N1 });
  if (known !== "pending") {
    store.change((writer) => {
      // A pending execution cannot become everything by itself, but by way of running it can.
      if (known !== "cancelled") {
        writer.setExecution("e1", { observed: { state: "running", message: "" }, by: "edge" });
      }
      writer.setExecution("e1", { observed: { state: known, message: "known" }, by: "plan" });
    });
  }
  const broker = createMemoryBroker(clock);
  const handler = createStatusHandler({ bus: broker.connect(), log, store });
  handler.start();
  const edge = broker.connect();
  const say = (payload: unknown, from = N1) => {
    edge.publish(subjectTo("status", from), typeof payload === "string" ? payload : JSON.stringify(payload));
    clock.advance(0);
  };
  const report = (state: ReportedState, more: object = {}) =>
    say({ node_id: N1, execution_id: "e1", state, message: "as reported", ...more });
  return { store, log, handler, say, report, seq: store.lastSeq() };
}

it("takes a report into the store, with the edge as its author", () => {
  const { store, log, report, seq } = aStatusHandler();
  report("running");
  expect(store.execution("e1")).toMatchObject({
    desired: { state: "running" },
    observed: { state: "running", message: "as reported" },
  });
  expect(store.eventsAfter(seq, 10)).toMatchObject([
    { kind: "execution-observed", executionId: "e1", jobId: "j1", nodeId: N1, to: "running", by: "edge" },
  ]);
  expect(log.lines).toEqual([
    {
      level: "info",
      message: "STATUS: Execution state changed",
      fields: {
        execution_id: "e1",
        node_id: N1,
        node_name: "edge1",
        job: "j1-name",
        job_id: "j1",
        eval_id: "v0",
        from: "pending",
        to: "running",
      },
    },
  ]);
});

describe("a report that tells nothing new changes nothing", () => {
  it.each<[ObservedState, ReportedState, string]>([
    ["running", "running", "debug STATUS: Report repeats what is known"],
    ["completed", "completed", "debug STATUS: Report repeats what is known"],
    ["completed", "running", "info STATUS: Report came too late and is ignored"],
    ["cancelled", "running", "info STATUS: Report came too late and is ignored"],
    ["failed", "completed", "info STATUS: Report came too late and is ignored"],
    ["completed", "failed", "error STORE: Illegal state move refused"],
    ["stopped", "completed", "error STORE: Illegal state move refused"],
  ])("known as %s, reported as %s", (known, reported, line) => {
    const { store, log, report, seq } = aStatusHandler({ known });
    const before = store.execution("e1");
    report(reported);
    expect([store.execution("e1"), store.lastSeq()]).toEqual([before, seq]);
    expect(log.told()).toEqual([line]);
  });
});

describe("a report is ignored", () => {
  it.each([
    ["of an execution that nobody knows", { node_id: N1, execution_id: "e9" }],
    ["of another node's execution", { node_id: aUuid(2) }],
  ])("%s", (_, more) => {
    const { store, log, say, seq } = aStatusHandler();
    say(aReport(more), more.node_id);
    expect(store.lastSeq()).toBe(seq);
    expect(log.told()).toEqual(["warn STATUS: Report of an unknown execution ignored"]);
  });

  it.each([
    ["that is not JSON", "running", "not JSON"],
    ["on the subject of another node", aReport({ node_id: aUuid(2) }), /^node_id: .* is not whose subject /],
    ["without a node", { execution_id: "e1", state: "running", message: "" }, /^node_id: /],
    ["in a state that no edge reports", aReport({ state: "cancelled" }), /^state: /],
    ["without a message", aReport({ message: undefined }), /^message: /],
  ])("%s", (_, payload, problem) => {
    const { store, log, say, report, seq } = aStatusHandler();
    say(payload);
    expect(store.lastSeq()).toBe(seq);
    expect(log.told()).toEqual(["warn STATUS: Malformed report ignored"]);
    expect(log.lines[0]?.fields["problem"]).toMatch(problem);
    report("running");
    expect(store.execution("e1")?.observed.state).toBe("running");
  });

  it("after a stop: loss L5", () => {
    const { store, handler, report, seq } = aStatusHandler();
    handler.stop();
    report("running");
    expect(store.lastSeq()).toBe(seq);
  });
});

function aReport(more: object): object {
  return { node_id: N1, execution_id: "e1", state: "running", message: "", ...more };
}
