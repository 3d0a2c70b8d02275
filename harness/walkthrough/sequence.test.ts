import { describe, expect, it } from "vitest";
import { aClaim, aLog, aStep, aTimeline, type Moment } from "../test-kit/a-timeline.ts";
import type { Act } from "../timeline/entry.ts";
import { drawSequence } from "./draw-sequence.ts";
import { sequenceEvents, subjectOf } from "./sequence-events.ts";

const X = { execution_id: "e-1", job_id: "j-new", node_id: "n-1", node_name: "edge1", job: "new-test-job" };
const ofX = (atMs: number, pattern: string, fields: Record<string, string> = {}) =>
  aLog(pattern, { atMs, fields: { ...X, command: "run_execution", ...fields } });
const atNode = (atMs: number, pattern: string, fields: Record<string, string> = {}) =>
  aLog(pattern, { atMs, fields: { node_id: "n-1", node_name: "edge1", ...fields } });
const deed = (atMs: number, act: Act) => aStep({ atMs, verb: act.do, act });
const KILLED = deed(1_400, { do: "kill", machines: ["edge1"] });
const RECREATED = deed(5_300, { do: "recreate", machines: ["edge1"], identity: "kept" });
const LOOKED_AT = aLog("evaluation-created", {
  atMs: 6_400,
  fields: { job_id: "j-new", trigger: "node-join" },
});
const STUCK = ofX(6_400, "stuck-detected");
const NOT_MET = aClaim({ atMs: 9_000, held: false, stuck: [aStuck()] });
const REFUSED: readonly Moment[] = [
  ofX(4_700, "dispatch-attempt"),
  ofX(4_700, "publish-lost"),
  ofX(4_700, "publish-refused"),
  ofX(4_700, "dispatch-skipped"),
];

describe("the loss, drawn", () => {
  it("L1: published, and nobody listens", () => {
    const moments = [
      KILLED,
      ofX(1_600, "dispatch-attempt"),
      ofX(1_600, "published"),
      RECREATED,
      atNode(5_400, "handshake-completed"),
      LOOKED_AT,
      STUCK,
      { ...LOOKED_AT, atMs: 6_500 },
      NOT_MET,
    ];
    expect(drawn(moments)).toEqual([
      "          orchestrator        nats            edge1",
      "    1.4s        |               |               X killed",
      "    1.6s        |----- run ---->|",
      "                |               X nobody listens: lost",
      "    5.3s        |               |               | recreated",
      "    5.4s        |<--------- handshake ----------|",
      "    6.4s        * looks at the job again (node-join)",
      "                * sees it stuck, and leaves it alone",
      "    9.0s        * W is over: not met            |",
    ]);
  });

  it("L2: refused, for the node was noticed to be gone", () => {
    const gone = atNode(4_500, "node-left", { state: "disconnected" });
    expect(drawn([KILLED, gone, ...REFUSED, RECREATED, LOOKED_AT, NOT_MET])).toEqual([
      "          orchestrator        nats            edge1",
      "    1.4s        |               |               X killed",
      "    4.5s        * notices that it is disconnected",
      "    4.7s        X run: refused, node not connected",
      "                * skips the event: lost",
      "    5.3s        |               |               | recreated",
      "    6.4s        * looks at the job again (node-join)",
      "    9.0s        * W is over: not met            |",
    ]);
  });

  it("L3: refused, between the handshake and the data plane", () => {
    const started = deed(4_000, { do: "start", machines: ["edge1"] });
    const moments = [
      started,
      atNode(4_700, "handshake-completed"),
      ...REFUSED,
      atNode(4_950, "data-plane-ready"),
    ];
    expect(drawn([...moments, NOT_MET])).toEqual([
      "          orchestrator        nats            edge1",
      "    4.0s        |               |               | started",
      "    4.7s        |<--------- handshake ----------|",
      "                X run: refused, node not connected",
      "                * skips the event: lost         |",
      "    5.0s        * data plane ready: can send to it",
      "    9.0s        * W is over: not met            |",
    ]);
  });

  it("L5: a report that nobody hears, while the orchestrator is away", () => {
    const moments = [
      ofX(1_000, "published"),
      ofX(1_100, "request-received"),
      deed(1_400, { do: "kill", machines: ["orchestrator"] }),
      ofX(3_000, "edge-state-changed", { to: "completed" }),
      ofX(3_100, "broker-pub", { state: "completed" }),
      NOT_MET,
    ];
    expect(drawn(moments)).toEqual([
      "          orchestrator        nats            edge1",
      "    1.0s        |------------- run ------------>|",
      "    1.4s        X killed        |               |",
      "    3.0s                        |               * completed",
      "    3.1s                        |<- completed --|",
      "                                X nobody listens: lost",
      "    9.0s        * W is over: not met            |",
    ]);
  });

  it("and how it heals: sent again, and answered", () => {
    const moments = [
      KILLED,
      ofX(1_600, "published"),
      RECREATED,
      ofX(5_400, "published"),
      ofX(5_500, "request-received"),
      ofX(5_600, "broker-pub", { state: "running" }),
      ofX(5_700, "status-changed", { to: "running" }),
      aClaim({ atMs: 9_000 }),
    ];
    expect(drawn(moments).slice(-4)).toEqual([
      "    5.3s        |               |               | recreated",
      "    5.4s        |------------- run ------------>|",
      "    5.6s        |<---------- running -----------|",
      "    9.0s        * the claim is met              |",
    ]);
  });

  it("says of nothing that it is left alone that is sent again, nor that it is lost that is logged after the claim", () => {
    const moments = [
      KILLED,
      RECREATED,
      STUCK,
      ofX(6_400, "dispatch-attempt"),
      ofX(6_400, "published"),
      ofX(6_500, "request-received"),
      ofX(6_600, "broker-pub", { state: "running" }),
      aClaim({ atMs: 6_600 }),
      ofX(6_601, "status-changed", { to: "running" }),
    ];
    expect(drawn(moments).slice(-4)).toEqual([
      "    6.4s        * sees it stuck |               |",
      "                |------------- run ------------>|",
      "    6.6s        |<---------- running -----------|",
      "                * the claim is met              |",
    ]);
  });

  it("says of a message that was handed out and not received that it was lost on the way", () => {
    const moments = [ofX(1_600, "published"), atNode(1_700, "broker-msg"), NOT_MET];
    expect(drawn(moments)[2]).toMatch(/X lost on the way$/);
  });

  it.each([60, 80, 100])("fits into %i columns, whatever the edge is called", (width) => {
    const timeline = aTimeline([KILLED, ofX(1_600, "published"), RECREATED, NOT_MET]);
    const events = sequenceEvents(timeline, subjectOf(timeline)!);
    for (const line of drawSequence(events, { width, edge: "an-edge-with-a-long-name" }))
      expect(line.length).toBeLessThanOrEqual(width);
  });
});

describe("whose messages are drawn", () => {
  it("an execution that kept the claim from being met, though others are named before it", () => {
    const other = aLog("published", { atMs: 1, fields: { ...X, execution_id: "e-0" } });
    expect(subjectOf(aTimeline([other, ofX(2, "published"), NOT_MET]))?.executionId).toBe("e-1");
  });

  it("where the claim is met, one of its job", () => {
    const other = aLog("published", { atMs: 1, fields: { ...X, execution_id: "e-0", job_id: "j-old" } });
    expect(subjectOf(aTimeline([other, ofX(2, "published"), aClaim()]))?.executionId).toBe("e-1");
  });

  it("nobody's, where nothing was sent or claimed", () => {
    expect(subjectOf(aTimeline([NOT_MET]))).toBeUndefined();
    expect(subjectOf(aTimeline([ofX(1, "published")]))).toBeUndefined();
  });
});

function drawn(moments: readonly Moment[]): readonly string[] {
  const timeline = aTimeline(moments);
  return drawSequence(sequenceEvents(timeline, subjectOf(timeline)!), { width: 60, edge: "edge1" });
}

function aStuck() {
  const ids = { id: "e-1", jobId: "j-new", jobVersion: 1, nodeId: "n-1" };
  return { ...ids, desired: "running", observed: "pending" };
}
