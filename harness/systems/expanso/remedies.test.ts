import { describe, expect, it } from "vitest";
import { aView } from "../../test-kit/a-view.ts";
import { explainLoss } from "./loss-rules.ts";
import { but, explain, L1, L2, L3, L4, L5, L6, L7, L8, NEW, OLD, STOP } from "./loss-stories.ts";
import {
  executionId,
  noticedGone,
  pendingExecution,
  published,
  recordOf,
  refused,
  subjectOf,
  takenIn,
} from "./test-kit.ts";

const RUN_OF_NEW = JSON.stringify({ kind: "run_execution", execution_id: executionId(NEW) });
const RUN_OF_OLD = JSON.stringify({ kind: "run_execution", execution_id: executionId(OLD) });
const STOP_OF_OLD = JSON.stringify({ kind: "stop_execution", execution_id: executionId(OLD) });
const REPORT_OF_OLD = JSON.stringify({
  node_id: "id-of-edge1",
  execution_id: executionId(OLD),
  state: "completed",
  message: "",
});
const publish = (what: string, subject: string, payload: string) => ({
  do: "publish",
  what,
  subject,
  payload,
});
const TO_EDGE1 = subjectOf("edge1");

describe("what is done by hand", () => {
  it.each([
    ["L1", "the very message", L1, publish("the run request of e-new-test to edge1", TO_EDGE1, RUN_OF_NEW)],
    [
      "L5",
      "the very report",
      L5,
      publish(
        "the report that e-test-hea on edge1 is `completed`",
        "expanso.orchestrator.status",
        REPORT_OF_OLD,
      ),
    ],
    ["L6", "the very stop", L6, publish("the stop request of e-test-hea to edge1", TO_EDGE1, STOP_OF_OLD)],
    [
      "L7",
      "the run request of before",
      L7,
      publish("the run request of e-test-hea to edge1", TO_EDGE1, RUN_OF_OLD),
    ],
  ])("for %s is %s, as the broker recorded it", (_loss, _what, story, remedy) => {
    expect(explain(story)?.remedies).toEqual([remedy]);
  });

  it.each([
    ["L2", L2],
    ["L3", L3],
    ["L4", L4],
  ])("for %s is the run request that never reached the broker", (loss, story) => {
    expect(explain(story)).toMatchObject({ loss });
    expect(explain(story)?.remedies).toEqual([
      {
        do: "request",
        command: "run",
        execution: story.stuck[0],
        what: "the run request of e-new-test to edge1",
      },
    ]);
  });

  it("for L6 is the stop request, if it was refused", () => {
    const unsent = but(L6, published(2_374, STOP), ...takenIn(2_375, STOP));
    const story = {
      ...unsent,
      lines: [...unsent.lines, noticedGone(2_300, "edge1"), ...refused(2_374, STOP)],
    };
    expect(explain(story)?.remedies).toMatchObject([{ do: "request", command: "stop" }]);
  });

  it("for L8 is the removal of the ghost, once, however many executions it has", () => {
    const stuck = [...L8.stuck, pendingExecution(NEW)];
    expect(explain({ ...L8, stuck })?.remedies).toEqual([
      { do: "retire", nodeId: "id-of-edge1", what: "the removal of id-of-ed, the ghost of edge1" },
    ]);
  });

  it("is something for each of several executions", () => {
    const other = { ...NEW, edge: "edge2" };
    const lines = [...L1.lines, published(2_374, other), ...takenIn(2_376, other)];
    const stuck = [...L1.stuck, pendingExecution(other)];
    const finding = explainLoss({ timeline: recordOf(lines, stuck), stuck, seen: aView() });
    expect(finding?.remedies?.map((remedy) => remedy.do === "publish" && remedy.subject)).toEqual([
      TO_EDGE1,
      subjectOf("edge2"),
    ]);
  });
});
