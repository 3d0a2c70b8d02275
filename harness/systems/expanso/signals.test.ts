import { describe, expect, it } from "vitest";
import type { LogReading } from "../../logs/pattern.ts";
import type { ExecutionSeen } from "../../vocabulary.ts";
import { expansoSignals } from "./signals.ts";
import {
  attempted,
  blocked,
  batchQueued,
  connected,
  dataPlaneReady,
  delivered,
  moveRefused,
  noticedGone,
  pendingExecution,
  type Printed,
  published,
  readingsOf,
  received,
  recordOf,
  refused,
  rolloutChecked,
  shookHands,
  started,
  takenIn,
} from "./test-kit.ts";

const NEW = { job: "new-test-job", edge: "edge1" };
const JOB = "j-new-test-job";
const CLOSED: Printed = {
  atMs: 2_105,
  machine: "nats",
  text: '[1] 2026/11/21 22:57:43.672350 [DBG] 10.201.4.132:41506 - cid:5 - "v3.4.0:nats.js:expanso-edge edge1" - Client connection closed: Client Closed',
};
const CONCLUSIVE = said(
  rolloutChecked(2_200, NEW.job),
  "is_wave_conclusive=false",
  "is_wave_conclusive=true",
);

const CONNECTED = { id: "id-of-edge1", name: "edge1", connection: "connected", ready: true };
const RUNNING = pendingExecution(NEW, { observed: "running" });

/** Every kind of line there is, once; a signal is to heed one or two of them. */
const LINES: readonly Printed[] = [
  connected(900, "expanso-edge edge1", 5),
  connected(944, "expanso-orchestrator", 6),
  started(949),
  shookHands(1_182, "edge1"),
  batchQueued(1_183, "edge1"),
  dataPlaneReady(1_434, "edge1"),
  rolloutChecked(1_813, NEW.job, { place: 1 }),
  attempted(1_814, NEW),
  published(1_814, NEW),
  ...takenIn(1_815, NEW),
  delivered(1_816, "edge1"),
  received(1_823, NEW),
  CLOSED,
  CONCLUSIVE,
  noticedGone(5_000, "edge1"),
  ...refused(5_500, NEW),
];

it("every connection to the broker is known by its machine, if that is one of ours", () => {
  const stranger = connected(950, "nats-publish", 7);
  expect(expansoSignals.returnsIn?.(recordOf([...LINES, stranger]))).toEqual([
    { machine: "edge1", atMs: 900, id: "cid 5" },
    { machine: "orchestrator", atMs: 944, id: "cid 6" },
  ]);
});

it("the broker alone hears, and of whom it does", () => {
  const [line] = takenIn(1_815, NEW);
  expect(expansoSignals.heardFrom?.({ ...line!, stream: "stderr" })).toMatchObject({ id: "6" });
  expect(expansoSignals.heardFrom?.({ ...line!, machine: "edge1", stream: "stderr" })).toBeUndefined();
});

describe("what a log line says", () => {
  it.each<[string, (reading: LogReading) => unknown, Record<string, unknown>]>([
    ["an edge is ready", (reading) => expansoSignals.nodeReady(reading), { "data-plane-ready": "edge1" }],
    ["a handshake", (reading) => expansoSignals.handshakeWith(reading), { "handshake-completed": "edge1" }],
    [
      "a dispatch of the job, whether it was sent or refused",
      (reading) => expansoSignals.dispatchTo(reading, JOB),
      { published: "edge1", "publish-refused": "edge1" },
    ],
    ["no dispatch of another job", (reading) => expansoSignals.dispatchTo(reading, "j-other"), {}],
    [
      "a connection of an edge or the orchestrator to the broker",
      (reading) => expansoSignals.brokerConnection(reading),
      {
        "broker-connection-opened": { machine: "orchestrator", change: "opened", id: "6" },
        "broker-connection-closed": { machine: "edge1", change: "closed", id: "5" },
      },
    ],
  ])("%s", (_what, signal, expected) => {
    const heeded = readingsOf(LINES)
      .map((reading) => [reading.pattern.name, signal(reading)] as const)
      .filter(([, answer]) => answer !== undefined);
    expect(Object.fromEntries(heeded)).toEqual(expected);
  });

  it("progress of the job, once a rollout of its is conclusive", () => {
    const progress = (job: string) =>
      readingsOf(LINES)
        .filter((reading) => expansoSignals.isProgress(reading, job))
        .map(({ text }) => text);
    expect(progress(JOB)).toEqual([CONCLUSIVE.text]);
    expect(progress("j-other")).toEqual([]);
  });
});

describe("what the record says", () => {
  it("of the last dispatch of a job", () => {
    const record = recordOf([
      ...LINES,
      attempted(3_000, NEW),
      attempted(4_000, { job: "other", edge: "edge1" }),
    ]);
    expect(expansoSignals.lastDispatchMs(record, JOB)).toBe(3_000);
    expect(expansoSignals.lastDispatchMs(record, "j-none")).toBeUndefined();
  });

  it("of a build that prints every line: that none is missing", () => {
    expect(expansoSignals.missingLines(recordOf(LINES, [RUNNING], [], [CONNECTED]))).toEqual([]);
  });

  it("of who came and went, and under which id", () => {
    const record = recordOf([...LINES, shookHands(6_000, "edge2"), noticedGone(7_000, "edge2")]);
    expect(expansoSignals.membership(record)).toEqual([
      { edge: "edge1", nodeId: "id-of-edge1", change: "joined", atMs: 1_182 },
      { edge: "edge1", nodeId: "id-of-edge1", change: "left", atMs: 5_000 },
      { edge: "edge2", nodeId: "id-of-edge2", change: "joined", atMs: 6_000 },
      { edge: "edge2", nodeId: "id-of-edge2", change: "left", atMs: 7_000 },
    ]);
  });

  it("of moves that were refused", () => {
    expect(expansoSignals.illegalMoves(recordOf(LINES))).toEqual([]);
    const record = recordOf([...LINES, moveRefused(6_000)]);
    expect(expansoSignals.illegalMoves(record)).toMatchObject([{ atMs: 6_000, fields: { from: "stopped" } }]);
  });

  describe("of the event that blocks the dispatcher", () => {
    const tries = [blocked(5_000, 3, 200), blocked(5_200, 3, 400), blocked(5_600, 3, 800)];
    const blockAt = (atMs: number, lines: readonly Printed[]) =>
      expansoSignals.dispatcherBlock(recordOf(lines), atMs);

    it("since when it is retried, and how often", () => {
      const found = { sinceMs: 5_000, tries: 3, because: "ErrNodeNotConnected" };
      expect(blockAt(5_700, tries)).toEqual(found);
      // The next try is due at 6.4 s, and may be late.
      expect(blockAt(7_400, tries)).toEqual(found);
    });

    it("that it is past, once the next try did not fail", () => {
      expect(blockAt(7_401, tries)).toBeUndefined();
      expect(blockAt(4_999, tries)).toBeUndefined();
    });

    it("no other event than the last", () => {
      const later = [...tries, blocked(6_000, 4, 200)];
      expect(blockAt(6_100, later)).toMatchObject({ sinceMs: 6_000, tries: 1 });
    });

    it("nothing of another watcher", () => {
      expect(blockAt(5_100, [blocked(5_000, 3, 200, "re-evaluator")])).toBeUndefined();
    });
  });

  it.each([
    ["HANDSHAKE", "handshake-completed"],
    ["TRANSPORT", "data-plane-ready"],
    ["queuing for batch", "batch-queued"],
    ["RECONCILER", "rollout-checked"],
    ["DISPATCH", "dispatch-attempt"],
    ["connection_exists=true", "published"],
    ["CONNECT", "broker-connection-opened"],
  ])("of a build that never prints %s lines: that they are missing", (word, missing) => {
    const rest = LINES.filter((line) => !line.text.includes(word));
    expect(expansoSignals.missingLines(recordOf(rest, [RUNNING], [], [CONNECTED]))).toEqual([missing]);
  });

  it("of a cluster in which nobody is and nothing was placed: none", () => {
    const gone = { ...CONNECTED, connection: "disconnected" };
    expect(expansoSignals.missingLines(recordOf([]))).toEqual([]);
    expect(expansoSignals.missingLines(recordOf([], [], [], [gone]))).toEqual([]);
    expect(expansoSignals.missingLines(recordOf([], [pendingExecution(NEW)]))).toEqual(["rollout-checked"]);
  });

  it("of a dispatcher that never dispatched: no missing line, as long as nothing has got through", () => {
    const rest = LINES.filter(({ text }) => !/DISPATCH|PUB|EDGE/.test(text));
    const missing = (executions: readonly ExecutionSeen[]) =>
      expansoSignals.missingLines(recordOf(rest, executions, [], [CONNECTED]));
    expect(missing([pendingExecution(NEW)])).toEqual([]);
    expect(missing([RUNNING])).toEqual(["dispatch-attempt", "published"]);
  });
});

function said(line: Printed, from: string, to: string): Printed {
  expect(line.text).toContain(from);
  return { ...line, text: line.text.replace(from, to) };
}
