import { describe, expect, it } from "vitest";
import { aNode, aView } from "../../test-kit/a-view.ts";
import type { LossFinding } from "../system.ts";
import { explainLoss } from "./loss-rules.ts";
import { BEGINNING, explain as explainStory, L1, L2, L3, L4, NEW, OLD, without } from "./loss-stories.ts";
import {
  attempted,
  blocked,
  dataPlaneReady,
  delivered,
  executionId,
  nodeId,
  noticedGone,
  pendingExecution,
  type Printed,
  published,
  received,
  recordOf,
  refused,
  rolloutChecked,
  type Sent,
  shookHands,
  started,
  subjectOf,
  takenIn,
} from "./test-kit.ts";

describe("L1: sent to a node that is still believed connected, and nobody is there", () => {
  const STORY = L1.lines;

  it("dies at the PUB that no MSG follows, by three independent witnesses", () => {
    const finding = explain(STORY);
    expect(finding).toMatchObject({
      loss: "L1",
      because:
        "published at 2.4s, when nobody subscribed; publishing raised no error, " +
        "so neither skip nor block would have sent it again",
      at: { pattern: "broker-pub", atMs: 2_375, fields: { execution_id: executionId(NEW) } },
    });
    expect(finding?.witnesses.map(({ source, at }) => [source, at])).toEqual([
      ["state", 7_686],
      ["log", 2_374],
      ["broker", 2_375],
    ]);
    expect(finding?.witnesses.map(({ text }) => text)).toEqual([
      "execution list: e-new-test pending, desired running, on edge1 connected",
      "2.4s PUBLISH connection_exists=true connection_alive=true, e-new-test → edge1",
      `2.4s PUB ${subjectOf("edge1")} taken in, and no MSG on it: nobody subscribed`,
    ]);
    expect(finding?.witnesses[2]?.line).toBe(takenIn(2_375, NEW)[0]?.text);
  });

  it.each([
    ["an MSG follows the PUB", [...STORY, delivered(2_375, "edge1")]],
    ["an MSG follows the PUB late, with no other PUB between", [...STORY, delivered(3_300, "edge1")]],
    ["the edge has received it", [...STORY, received(3_300, NEW)]],
    ["the broker has no PUB of it", without(STORY, takenIn(2_375, NEW))],
    ["the orchestrator never said that it published", without(STORY, [published(2_374, NEW)])],
    ["it was refused as well", [...STORY, ...refused(2_300, NEW)]],
  ])("is none if %s", (_what, lines) => {
    expect(explain(lines)).toBeUndefined();
  });

  it.each([
    ["was before the PUB", [...STORY, delivered(2_300, "edge1")]],
    ["is on another node's subject", [...STORY, delivered(2_375, "edge2")]],
    [
      "belongs to the next PUB there",
      [...STORY, ...takenIn(3_300, { job: "third-test-job", edge: "edge1" }), delivered(3_301, "edge1")],
    ],
  ])("is L1 though there is an MSG, if that %s", (_what, lines) => {
    expect(explain(lines)?.loss).toBe("L1");
  });

  it("counts by the last time that it was sent", () => {
    const again = [attempted(3_400, NEW), published(3_400, NEW), ...takenIn(3_401, NEW)];
    expect(explain([...STORY, ...again])).toMatchObject({ loss: "L1", at: { atMs: 3_401 } });
    expect(explain([...STORY, ...again, delivered(3_402, "edge1")])).toBeUndefined();
  });

  it("is another loss if it was refused instead of published", () => {
    const unsent = without(STORY, [published(2_374, NEW), ...takenIn(2_375, NEW)]);
    expect(explain([...unsent, noticedGone(2_200, "edge1"), ...refused(2_374, NEW)])?.loss).toBe("L2");
    const anew = [noticedGone(2_200, "edge1"), shookHands(2_300, "edge1"), ...refused(2_374, NEW)];
    expect(explain([...unsent, ...anew])?.loss).toBe("L3");
  });

  describe("of several executions", () => {
    const TWO: Sent = { job: "new-test-job", edge: "edge2" };
    const BOTH = [
      ...STORY,
      shookHands(1_104, "edge2"),
      dataPlaneReady(1_356, "edge2"),
      attempted(2_374, TWO),
      published(2_374, TWO),
      ...takenIn(2_376, TWO),
    ];
    const stuck = [NEW, TWO];

    it("is told of all of them, once by the state and for each by its log and the broker", () => {
      const finding = explain(BOTH, stuck);
      expect(finding?.loss).toBe("L1");
      expect(finding?.witnesses.map((witness) => witness.source)).toEqual([
        "state",
        "log",
        "broker",
        "log",
        "broker",
      ]);
      expect(finding?.witnesses[0]?.text).toBe(
        "execution list: e-new-test pending, desired running, on edge1 connected; " +
          "e-new-test pending, desired running, on ?",
      );
    });

    it("is none if one of them tells another story", () => {
      expect(explain([...BOTH, delivered(2_377, "edge2")], stuck)).toBeUndefined();
      const refusedOne = without(BOTH, [published(2_374, TWO), ...takenIn(2_376, TWO)]);
      const lines = [...refusedOne, noticedGone(2_300, "edge2"), ...refused(2_374, TWO)];
      expect(explain(lines, [TWO])?.loss).toBe("L2");
      expect(explain(lines, [NEW])?.loss).toBe("L1");
      expect(explain(lines, stuck)).toBeUndefined();
    });
  });

  it.each([
    ["runs", { observed: "running" }],
    ["is not wanted any more", { desired: "stopped" }],
    ["has failed", { observed: "failed" }],
  ])("is none of an execution that %s", (_what, state) => {
    const stuck = [pendingExecution(NEW, state)];
    expect(explainLoss({ timeline: recordOf(STORY), stuck, seen: SEEN })).toBeUndefined();
    const both = [pendingExecution(NEW), ...stuck];
    expect(explainLoss({ timeline: recordOf(STORY), stuck: both, seen: SEEN })).toBeUndefined();
  });
});

describe("L2: refused, because the node was known to be gone", () => {
  const STORY = L2.lines;

  it("dies at the refusal, by three independent witnesses", () => {
    const finding = explain(STORY);
    expect(finding).toMatchObject({
      loss: "L2",
      because: "refused at 5.5s: edge1 was marked disconnected at 5.0s, and the event was skipped",
      at: { pattern: "publish-lost", atMs: 5_500 },
    });
    expect(finding?.witnesses.map(({ source }) => source)).toEqual(["state", "log", "broker"]);
  });

  it("is L3 if the node had shaken hands again by then", () => {
    expect(explain([...STORY, shookHands(5_400, "edge1")])?.loss).toBe("L3");
  });

  it.each([
    [
      "the node had shaken hands and was ready again",
      [...STORY, shookHands(5_300, "edge1"), dataPlaneReady(5_400, "edge1")],
    ],
    ["nobody had noticed that it was gone", without(STORY, [noticedGone(5_000, "edge1")])],
    [
      "that was noticed only afterwards",
      [...without(STORY, [noticedGone(5_000, "edge1")]), noticedGone(5_600, "edge1")],
    ],
    [
      "it was another node that was gone",
      [...without(STORY, [noticedGone(5_000, "edge1")]), noticedGone(5_000, "edge2")],
    ],
    ["it was not refused", without(STORY, refused(5_500, NEW))],
    ["it was published later", [...STORY, attempted(6_200, NEW), published(6_200, NEW)]],
    ["the broker has taken it in all the same", [...STORY, ...takenIn(5_501, NEW)]],
    ["the edge has received it", [...STORY, received(6_200, NEW)]],
  ])("is none if %s", (_what, lines) => {
    expect(explain(lines)).toBeUndefined();
  });

  it("has no witness in a broker that records nothing", () => {
    const finding = explain(STORY.filter((line) => line.machine !== "nats"));
    expect(finding?.loss).toBe("L2");
    expect(finding?.witnesses.map(({ source }) => source)).toEqual(["state", "log"]);
  });
});

describe("L3: refused, because the node had shaken hands and was not ready yet", () => {
  const STORY = L3.lines;

  it("dies at the refusal, by three independent witnesses", () => {
    const finding = explain(STORY);
    expect(finding).toMatchObject({
      loss: "L3",
      because: "refused at 2.2s: edge1 had shaken hands at 2.0s, its data plane was not ready yet",
      at: { pattern: "publish-lost", atMs: 2_200 },
    });
    expect(finding?.witnesses.map(({ source }) => source)).toEqual(["state", "log", "broker"]);
  });

  it("is L3 as well if the data plane became ready in the same millisecond, after the refusal", () => {
    const late = without(STORY, [dataPlaneReady(2_300, "edge1")]);
    expect(explain([...late, dataPlaneReady(2_200, "edge1")])?.loss).toBe("L3");
  });

  it("is L2 if the node had gone again since", () => {
    expect(explain([...STORY, noticedGone(2_150, "edge1")])?.loss).toBe("L2");
  });

  it("is L3 though the node had been ready, and gone, before this handshake", () => {
    const before = [shookHands(1_000, "edge1"), dataPlaneReady(1_250, "edge1"), noticedGone(1_900, "edge1")];
    expect(explain([...STORY, ...before])?.loss).toBe("L3");
  });

  it.each([
    ["the data plane was ready by then", [...STORY, dataPlaneReady(2_150, "edge1")]],
    [
      "the handshake came only afterwards",
      [...without(STORY, [shookHands(2_050, "edge1")]), shookHands(2_250, "edge1")],
    ],
    [
      "it was another node that shook hands",
      [...without(STORY, [shookHands(2_050, "edge1")]), shookHands(2_050, "edge2")],
    ],
    ["it was published after all", [...STORY, published(2_400, NEW)]],
    ["the edge has received it", [...STORY, received(2_400, NEW)]],
    ["it was not refused", without(STORY, refused(2_200, NEW))],
  ])("is none if %s", (_what, lines) => {
    expect(explain(lines)).toBeUndefined();
  });

  it("is L3 though another node was ready", () => {
    expect(explain([...STORY, dataPlaneReady(2_150, "edge2")])?.loss).toBe("L3");
  });
});

describe("L4: never dispatched, because the orchestrator started anew with it undone", () => {
  const STORY = L4.lines;

  it("dies at the start, by three independent witnesses", () => {
    const finding = explain(STORY);
    expect(finding).toMatchObject({
      loss: "L4",
      because:
        "never dispatched: the orchestrator started at 4.0s, and its dispatcher reads only what comes after",
      at: { pattern: "orchestrator-started", atMs: 4_000 },
    });
    expect(finding?.witnesses.map(({ source, at }) => [source, at])).toEqual([
      ["state", 7_686],
      ["log", 4_000],
      ["broker", 4_000],
    ]);
  });

  it.each([
    ["the orchestrator started only once", without(STORY, [started(4_000)])],
    ["it started anew before the execution was made", [...without(STORY, [started(4_000)]), started(2_000)]],
    [
      "the execution was placed only by the new one",
      [...STORY, rolloutChecked(5_300, "new-test-job", { place: 1 })],
    ],
    ["somebody tried to send it", [...STORY, attempted(5_250, NEW)]],
    ["somebody tried to send it before", [...STORY, attempted(2_374, NEW)]],
    ["the broker has taken it in all the same", [...STORY, ...takenIn(5_251, NEW)]],
    ["the edge has received it", [...STORY, received(5_252, NEW)]],
  ])("is none if %s", (_what, lines) => {
    expect(explain(lines)).toBeUndefined();
  });

  it("is not L4 while the new dispatcher is stuck behind the very event of before: it reads on", () => {
    expect(explain([...STORY, blocked(3_000, 7, 800), blocked(4_500, 7, 200)])).toBeUndefined();
    expect(explain([...STORY, blocked(3_000, 7, 800), blocked(4_500, 9, 200)])?.loss).toBe("L4");
    expect(explain([...STORY, blocked(4_500, 9, 200), blocked(4_700, 9, 400)])?.loss).toBe("L4");
  });

  it("is L4 though other jobs are placed and dispatched by the new one", () => {
    const third: Sent = { job: "third-test-job", edge: "edge1" };
    const later = [
      rolloutChecked(5_500, "third-test-job", { place: 1 }),
      attempted(5_501, third),
      published(5_501, third),
    ];
    expect(explain([...STORY, ...later])?.loss).toBe("L4");
  });
});

describe("no loss is named", () => {
  it("without a stuck execution", () => {
    expect(explainLoss({ timeline: recordOf(BEGINNING), stuck: [], seen: SEEN })).toBeUndefined();
  });

  it("of an execution that the record tells nothing of", () => {
    expect(explain(BEGINNING)).toBeUndefined();
  });

  it("of an execution that has arrived", () => {
    expect(explain(BEGINNING, [OLD])).toBeUndefined();
  });
});

const SEEN = aView({ nodes: [aNode({ id: nodeId("edge1") })] });

function explain(lines: readonly Printed[], stuck: readonly Sent[] = [NEW]): LossFinding | undefined {
  return explainStory({ lines, stuck: stuck.map((sent) => pendingExecution(sent)), words: [] });
}
