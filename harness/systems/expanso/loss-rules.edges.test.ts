import { describe, expect, it } from "vitest";
import { and, but, explain, L1, L5, L6, L7, L8, NEW, NEW_ID, OLD, RETURN, STOP } from "./loss-stories.ts";
import {
  attempted,
  changedTo,
  closed,
  connected,
  delivered,
  listened,
  nodeId,
  noticedGone,
  pendingExecution,
  published,
  received,
  refused,
  reportDelivered,
  reportTaken,
  resumed,
  shookHands,
  takenIn,
} from "./test-kit.ts";

const RUNNING = { observed: "running" };
const UNWANTED = { observed: "running", desired: "stopped" };

describe("L5: an edge has reported how an execution ended, and nobody was there", () => {
  it("dies at the report's PUB that no MSG follows, by three independent witnesses", () => {
    const finding = explain(L5);
    expect(finding).toMatchObject({
      loss: "L5",
      because: "the report that it is `completed` was published at 3.0s, when nobody subscribed",
      at: { pattern: "broker-pub", atMs: 3_001, fields: { state: "completed" } },
    });
    expect(finding?.witnesses.map(({ source, at }) => [source, at])).toEqual([
      ["state", 7_686],
      ["log", 3_000],
      ["broker", 3_001],
    ]);
    expect(finding?.witnesses.map(({ text }) => text)).toEqual([
      "execution list: e-test-hea running, desired running, on edge1 connected",
      "3.0s EDGE: Execution state changed to=completed, e-test-hea on edge1",
      "3.0s PUB expanso.orchestrator.status taken in, and no MSG of it: nobody subscribed",
    ]);
  });

  it("is also that of a first report: the orchestrator has never heard that it runs", () => {
    const story = but(and(L5), reportDelivered(1_824), changedTo(3_000, OLD, "completed"));
    expect(explain({ ...story, stuck: [pendingExecution(OLD)] })).toMatchObject({
      loss: "L5",
      at: { fields: { state: "running" } },
    });
  });

  it.each([
    ["somebody has received it", and(L5, reportDelivered(3_002))],
    ["the broker has no PUB of it", but(L5, ...reportTaken(3_001, OLD, "completed", 5))],
    ["the edge never said that it ended", but(L5, changedTo(3_000, OLD, "completed"))],
    ["the orchestrator knows", { ...L5, stuck: [pendingExecution(OLD, { observed: "completed" })] }],
  ])("is none if %s", (_what, story) => {
    expect(explain(story)).toBeUndefined();
  });

  it("is L5 though another edge's report, published at the same moment, was received", () => {
    const other = { ...OLD, edge: "edge2" };
    expect(explain(and(L5, ...reportTaken(3_001, other, "completed", 9), reportDelivered(3_001)))?.loss).toBe(
      "L5",
    );
  });

  it("is none if two edges' reports crossed, and both were received", () => {
    const other = { ...OLD, edge: "edge2" };
    const both = [reportDelivered(3_001), reportDelivered(3_001)];
    expect(explain(and(L5, ...reportTaken(3_001, other, "completed", 9), ...both))).toBeUndefined();
  });

  it("is L5 though a later report of the same edge was received", () => {
    const later = [...reportTaken(5_000, NEW, "running", 5), reportDelivered(5_001)];
    expect(explain(and(L5, ...later))?.loss).toBe("L5");
  });
});

describe("L6: an edge runs what it should not, and was never told to stop", () => {
  it("dies at the stop's PUB that no MSG follows, by three independent witnesses", () => {
    const finding = explain(L6);
    expect(finding).toMatchObject({
      loss: "L6",
      because: "the stop was published at 2.4s, when nobody subscribed",
      at: { pattern: "broker-pub", atMs: 2_375, fields: { command: "stop_execution" } },
    });
    expect(finding?.witnesses.map(({ text }) => text)).toEqual([
      "execution list: e-test-hea running, desired stopped, on edge1 connected, and edge1 says that it runs",
      "2.4s PUBLISH connection_exists=true connection_alive=true, stop of e-test-hea → edge1",
      "2.4s PUB expanso.node.id-of-edge1.in taken in, and no MSG on it: nobody subscribed",
    ]);
  });

  const UNSENT = but(L6, published(2_374, STOP), ...takenIn(2_375, STOP));

  it("dies at the refusal where it was refused", () => {
    const gone = and(UNSENT, noticedGone(2_300, "edge1"), ...refused(2_374, STOP));
    expect(explain(gone)).toMatchObject({
      loss: "L6",
      because:
        "the stop was refused at 2.4s: edge1 was marked disconnected at 2.3s, and the event was skipped",
      at: { pattern: "publish-lost" },
      witnesses: [
        { source: "state" },
        {
          source: "log",
          text: "2.4s PUBLISH Node not connected - message will be LOST, stop of e-test-hea → edge1",
        },
        { source: "broker", text: "no PUB of stop of e-test-hea was ever taken in" },
      ],
    });
    const raced = and(UNSENT, shookHands(2_350, "edge1"), ...refused(2_374, STOP));
    expect(explain(raced)).toMatchObject({
      loss: "L6",
      because:
        "the stop was refused at 2.4s: edge1 had shaken hands at 2.4s, its data plane was not ready yet",
    });
  });

  it("is also that of an execution that the orchestrator has given up", () => {
    const stuck = [pendingExecution(OLD, { observed: "cancelled", desired: "stopped" })];
    expect(explain({ ...L6, stuck })?.loss).toBe("L6");
  });

  it.each([
    ["the stop was handed to the edge", and(L6, delivered(2_376, "edge1"))],
    ["the edge has received it", and(L6, received(3_300, STOP))],
    ["none was ever sent", but(UNSENT, attempted(2_374, STOP))],
    ["the edge was not asked what it runs", { ...L6, words: [] }],
    ["the edge says that it does not run", { ...L6, words: [{ edge: "edge1", runs: [NEW] }] }],
    ["another edge says that it runs", { ...L6, words: [{ edge: "edge2", runs: [OLD] }] }],
    ["it is wanted", { ...L6, stuck: [pendingExecution(OLD, RUNNING)] }],
  ])("is none if %s", (_what, story) => {
    expect(explain(story)).toBeUndefined();
  });

  it("is none where only a run was lost", () => {
    const run = [attempted(2_374, OLD), published(2_374, OLD), ...takenIn(2_375, OLD)];
    expect(explain(and(but(UNSENT, attempted(2_374, STOP)), ...run))).toBeUndefined();
  });
});

it("a lost stop does not make an L1 of a run, nor one that arrived an arrival of it", () => {
  const stop = { ...NEW, command: "stop_execution" as const };
  const lost = [attempted(2_500, stop), published(2_500, stop), ...takenIn(2_501, stop)];
  const run = [attempted(2_374, NEW), published(2_374, NEW), ...takenIn(2_375, NEW)];
  expect(explain(and(but(L1, ...run), ...lost))).toBeUndefined();
  expect(explain(and(L1, ...lost, delivered(2_502, "edge1"), received(2_503, stop)))?.loss).toBe("L1");
});

describe("L7: an edge came back without its data, and counts as running", () => {
  it("dies at the handshake, by three independent witnesses", () => {
    const finding = explain(L7);
    expect(finding).toMatchObject({
      loss: "L7",
      because:
        "the run request was heard once and is gone with the disk of edge1, which came back at 3.2s and resumed nothing",
      at: { pattern: "handshake-completed", atMs: 3_237 },
    });
    expect(finding?.witnesses.map(({ source, text }) => [source, text])).toEqual([
      [
        "state",
        "execution list: e-test-hea running, desired running, on edge1 connected, and edge1 says that it does not run",
      ],
      ["log", "3.2s HANDSHAKE of edge1 under its id, and no EDGE: Resuming execution of e-test-hea"],
      ["broker", "no PUB of e-test-hea was taken in since"],
    ]);
  });

  it.each([
    ["the edge has resumed it", and(L7, resumed(3_221, OLD))],
    ["the edge says that it runs", { ...L7, words: [{ edge: "edge1", runs: [OLD] }] }],
    ["the edge was not asked", { ...L7, words: [] }],
    ["the orchestrator does not believe that it runs", { ...L7, stuck: [pendingExecution(OLD)] }],
    ["it has not shaken hands since it ran", but(L7, shookHands(3_237, "edge1", "connected"))],
    ["it has not connected again since it ran", but(L7, connected(3_219, "expanso-edge edge1", 7))],
    ["it came to its end there", and(L7, changedTo(2_000, OLD, "completed"))],
    ["it was sent again", and(L7, published(4_300, OLD))],
    ["it was sent again, by the broker's word", and(L7, ...takenIn(4_300, OLD))],
  ])("is none if %s", (_what, story) => {
    expect(explain(story)).toBeUndefined();
  });

  it("is L7 though it was resumed once before, from the disk that is gone now", () => {
    const before = [
      connected(2_000, "expanso-edge edge1", 8),
      resumed(2_001, OLD),
      shookHands(2_002, "edge1"),
    ];
    expect(explain(and(L7, ...before))?.loss).toBe("L7");
  });

  it("needs no record of the broker", () => {
    const lines = L7.lines.filter(({ machine }) => machine !== "nats");
    expect(explain({ ...L7, lines })?.witnesses.map(({ source }) => source)).toEqual(["state", "log"]);
  });
});

describe("L8: work of an id under which nobody will return", () => {
  it("dies at the handshake under another id, by three independent witnesses", () => {
    const finding = explain(L8);
    expect(finding).toMatchObject({
      loss: "L8",
      because:
        "given to a ghost: edge1 shook hands under a new id at 3.2s, and id-of-edge1, which has the work, never returns",
      at: { pattern: "handshake-completed", atMs: 3_237, fields: { node_id: NEW_ID } },
    });
    expect(finding?.witnesses.map(({ source, text }) => [source, text])).toEqual([
      ["state", "execution list: e-test-hea running, desired stopped, on edge1 connected"],
      ["log", "3.2s HANDSHAKE of edge1 as new-id-of-edge1, and no longer as id-of-edge1"],
      ["broker", "2.1s connection closed, and nobody listens for id-of-edge1 since"],
    ]);
  });

  it.each([
    ["its run was lost in the void", [published(4_100, NEW), ...takenIn(4_100, NEW)]],
    ["its run was refused", [noticedGone(4_050, "edge1"), attempted(4_100, NEW), ...refused(4_100, NEW)]],
    ["nothing was ever sent", []],
  ])("is L8 though %s", (_what, lines) => {
    expect(explain({ ...and(L8, ...lines), stuck: [pendingExecution(NEW)] })?.loss).toBe("L8");
  });

  it.each([
    ["the id is the one that the edge has now", and(L8, shookHands(5_000, "edge1"))],
    ["somebody still listens for the old id", but(L8, closed(2_100, "expanso-edge edge1", 5))],
    ["somebody listens for it again", and(L8, listened(5_000, "edge1", 11))],
    [
      "it was another edge that came under a new id",
      and(
        but(L8, shookHands(3_237, "edge1", "disconnected", NEW_ID)),
        shookHands(3_237, "edge2", "new", NEW_ID),
      ),
    ],
  ])("is none if %s", (_what, story) => {
    expect(explain(story)).toBeUndefined();
  });

  it("is none if one of the stuck executions is not a ghost's", () => {
    const living = pendingExecution({ job: "new-test-job", edge: "edge2" });
    expect(explain({ ...L8, stuck: [...L8.stuck, living] })).toBeUndefined();
  });

  it("is not the loss of an execution on the node that the edge is now", () => {
    const stuck = [pendingExecution(NEW, { nodeId: NEW_ID })];
    const lost = [attempted(4_100, NEW), published(4_100, NEW)];
    expect(explain({ ...and(L8, ...lost), stuck })).toBeUndefined();
    expect(explain({ ...and(L8, attempted(4_100, NEW), ...refused(4_100, NEW)), stuck })?.loss).toBe("L3");
  });

  it("knows the edge's name by the node list where no line tells it", () => {
    const own = shookHands(1_182, "edge1");
    expect(explain(but(L8, own))?.loss).toBe("L8");
    expect(nodeId("edge1")).toBe("id-of-edge1");
  });
});

/** Spec 3-scenarios, "Sabotage": the id follows the evidence. */
describe("the same run names another loss if what happened to the message was another thing", () => {
  it.each([
    ["L5", "L7", { ...but(and(L5, ...RETURN), changedTo(3_000, OLD, "completed")), words: L7.words }],
    ["L6", "L8", and(L6, closed(3_600, "expanso-edge edge1", 7), shookHands(3_700, "edge1", "new", NEW_ID))],
    ["L7", "L5", and(L7, changedTo(2_000, OLD, "completed"), ...reportTaken(2_001, OLD, "completed", 5))],
    [
      "L7",
      "L6",
      {
        ...and(L7, published(2_374, STOP), ...takenIn(2_375, STOP)),
        stuck: [pendingExecution(OLD, UNWANTED)],
        words: L6.words,
      },
    ],
    ["L8", "L6", { ...but(L8, shookHands(3_237, "edge1", "disconnected", NEW_ID)), words: L6.words }],
    ["L1", "L8", and(L1, closed(3_600, "expanso-edge edge1", 7), shookHands(3_700, "edge1", "new", NEW_ID))],
    [
      "L1",
      "L5",
      and(
        L1,
        delivered(2_376, "edge1"),
        received(2_377, NEW),
        changedTo(2_378, NEW, "running"),
        ...reportTaken(2_379, NEW, "running", 5),
      ),
    ],
  ] as const)("not %s but %s", (_was, is, story) => {
    expect(explain(story)?.loss).toBe(is);
  });
});
