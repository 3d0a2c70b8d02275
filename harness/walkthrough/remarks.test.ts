import { describe, expect, it } from "vitest";
import { aClaim, aFault, aLog, aStep, aTimeline, type Moment } from "../test-kit/a-timeline.ts";
import type { ClusterSeen } from "../vocabulary.ts";
import { checkedLines, type Evidence, type Remark } from "./remark.ts";
import {
  allBelievedConnected,
  allReady,
  claimIs,
  connectionsDropped,
  eachNodeIsThereTwice,
  everyRequestArrived,
  everythingCountsAsRunning,
  handedToNobody,
  hasBitten,
  lookedAtAgain,
  neverSentAgain,
  newestJobIs,
  nothingRefused,
  publishedToEach,
  returnedAsTheSameNodes,
  seenToBeStuck,
  sentAgain,
  waitsForWhatIsGone,
} from "./remarks.ts";

const OF_NEW = { job: "new-test-job", execution_id: "e-1", node_id: "n-1", command: "run_execution" };
const DEPLOYED = aStep({ atMs: 1, verb: "deployed", subject: "new-test-job" });
const RECREATED = aStep({ atMs: 2, verb: "recreate", subject: "edge1" });
const of = (pattern: string, atMs = 3) => aLog(pattern, { atMs, fields: OF_NEW });
const handshake = (nodeId: string, atMs: number) =>
  aLog("handshake-completed", { atMs, fields: { node_id: nodeId } });

/** Each remark with evidence that bears it out, evidence that does not, and what is then said to be so instead. */
const CASES: readonly [remark: Remark, borneOut: Evidence, denied: Evidence, instead: string][] = [
  [allReady("all ready"), bySeen({}), bySeen({ ready: false }), "edge1 not ready"],
  [
    allBelievedConnected("believed"),
    bySeen({}),
    bySeen({ connection: "disconnected" }),
    "edge1 disconnected",
  ],
  [hasBitten("bit"), byStep([aFault()]), byStep([aFault({ bit: false, seen: "it runs on" })]), "it runs on"],
  [
    connectionsDropped("dropped"),
    byStep([aFault({ machines: ["edge1"] }), aLog("broker-connection-closed")]),
    byStep([aFault({ machines: ["edge1"] })]),
    "0 of 1 connections were closed",
  ],
  [
    newestJobIs("pending", "deploying", "pending"),
    bySeen({}, [DEPLOYED]),
    bySeen({ observed: "running" }, [DEPLOYED]),
    "it is deploying; e-1 running",
  ],
  [everythingCountsAsRunning("runs"), bySeen({ observed: "running" }), bySeen({}), "e-1 pending"],
  [
    publishedToEach("published"),
    bySeen({}, [DEPLOYED, of("published")]),
    bySeen({}, [DEPLOYED]),
    "not for e-1",
  ],
  [
    everyRequestArrived("arrived"),
    byStep([of("published"), of("request-received")]),
    byStep([of("published")]),
    "no edge received e-1",
  ],
  [
    handedToNobody("nobody"),
    byStep([of("broker-pub")]),
    byStep([of("broker-pub"), of("broker-msg")]),
    "1 handed out, 0 received",
  ],
  [
    nothingRefused("nothing"),
    byStep([of("published")]),
    byStep([aLog("publish-refused", { atMs: 3_000, text: "2026 PUBLISH: Node not connected" })]),
    "3.0s PUBLISH: Node not connected",
  ],
  [
    returnedAsTheSameNodes("same"),
    byStep([handshake("n-1", 9)], [handshake("n-1", 1)]),
    byStep([handshake("n-2", 9)], [handshake("n-1", 1)]),
    "new ids: n-2",
  ],
  [
    returnedAsTheSameNodes("all of them"),
    byStep([handshake("n-1", 9), handshake("n-2", 9)], [handshake("n-1", 1), handshake("n-2", 1)]),
    byStep([handshake("n-1", 9)], [handshake("n-1", 1), handshake("n-2", 1)]),
    "1 of 2 have shaken hands",
  ],
  [
    lookedAtAgain("looked"),
    sinceReturn(aLog("evaluation-created", { atMs: 3, fields: { ...OF_NEW, trigger: "node-join" } })),
    sinceReturn(aLog("evaluation-created", { atMs: 3, fields: { ...OF_NEW, trigger: "exec-update" } })),
    "no such evaluation",
  ],
  [seenToBeStuck("stuck"), sinceReturn(of("stuck-detected")), sinceReturn(), "no such line"],
  [neverSentAgain("never"), sinceReturn(), sinceReturn(of("dispatch-attempt", 3_000)), "sent again at 3.0s"],
  [
    sentAgain("again"),
    sinceReturn(of("published"), of("request-received")),
    sinceReturn(of("published")),
    "it was sent again, and not received",
  ],
  [eachNodeIsThereTwice("twice"), withGhost(), bySeen({}), "edge1 1 times"],
  [
    waitsForWhatIsGone("waits"),
    withGhost([DEPLOYED]),
    bySeen({}, [DEPLOYED]),
    "it is deploying, with 0 such executions",
  ],
  [
    claimIs("met", true),
    byStep([aClaim()]),
    byStep([aClaim({ held: false, seen: "0 of 1 running" })]),
    "0 of 1 running",
  ],
];

describe("a remark", () => {
  it.each(CASES.map(([remark, ...rest]) => [remark.says, remark, ...rest] as const))(
    "%s: can be borne out, and can be denied",
    (_says, remark, borneOut, denied, instead) => {
      expect(remark.contradiction(borneOut)).toBeUndefined();
      expect(remark.contradiction(denied)).toBe(instead);
    },
  );

  // That nothing was refused is so where nothing was done.
  it.each(CASES.map(([remark]) => [remark.says, remark] as const).filter(([says]) => says !== "nothing"))(
    "%s: is not borne out by an empty record",
    (_says, remark) => {
      const empty = { seen: undefined, step: [], all: [], expected: undefined };
      expect(remark.contradiction(empty)).toBeDefined();
    },
  );

  it("says so when it is not so, and what was seen", () => {
    expect(checkedLines([allReady("All are ready.")], bySeen({}))).toEqual(["  ok      All are ready."]);
    expect(checkedLines([allReady("All are ready.")], bySeen({ ready: false }))).toEqual([
      "  NOT SO  All are ready.",
      "          seen: edge1 not ready",
    ]);
  });
});

/** One edge, and a job with one execution on it, which waits unless told otherwise. */
function bySeen(
  at: { readonly connection?: string; readonly ready?: boolean; readonly observed?: string },
  moments: readonly Moment[] = [],
): Evidence {
  const { connection = "connected", ready = true, observed = "pending" } = at;
  const seen: ClusterSeen = {
    nodes: [{ id: "n-1", name: "edge1", connection, ready }],
    jobs: [{ id: "j-new", name: "new-test-job", version: 1, state: "deploying", message: "" }],
    executions: [{ id: "e-1", jobId: "j-new", jobVersion: 1, nodeId: "n-1", desired: "running", observed }],
  };
  return { ...byStep(moments), seen };
}

/** The same, and the edge that it was before, which was given the job and never stops it. */
function withGhost(moments: readonly Moment[] = []): Evidence {
  const { seen, ...rest } = bySeen({ observed: "running" }, moments);
  const [node] = seen!.nodes;
  const [execution] = seen!.executions;
  return {
    ...rest,
    seen: {
      ...seen!,
      nodes: [node!, { ...node!, id: "n-0" }],
      executions: [execution!, { ...execution!, id: "e-0", nodeId: "n-0", desired: "stopped" }],
    },
  };
}

function byStep(moments: readonly Moment[], before: readonly Moment[] = []): Evidence {
  const all = aTimeline([...before, ...moments]);
  return { seen: undefined, step: all.slice(before.length), all, expected: undefined };
}

function sinceReturn(...moments: readonly Moment[]): Evidence {
  // What came before the return does not count.
  const before = [DEPLOYED, of("stuck-detected", 1), of("dispatch-attempt", 1), of("published", 1)];
  return byStep(moments, [...before, RECREATED]);
}
