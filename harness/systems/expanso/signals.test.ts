import { describe, expect, it } from "vitest";
import type { LogReading } from "../../logs/pattern.ts";
import { expansoSignals } from "./signals.ts";
import {
  attempted,
  connected,
  dataPlaneReady,
  delivered,
  noticedGone,
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

/** Every kind of line there is, once; a signal is to heed one or two of them. */
const LINES: readonly Printed[] = [
  connected(900, "expanso-edge edge1", 5),
  connected(944, "expanso-orchestrator", 6),
  started(949),
  shookHands(1_182, "edge1"),
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

  it("of the round in which the job was looked at after a node had joined", () => {
    const first = rolloutChecked(2_000, NEW.job, { trigger: "job-create" });
    const round = (...lines: readonly Printed[]) => {
      const found = expansoSignals.recoveryRound(
        recordOf([first, shookHands(3_000, "edge1"), ...lines]),
        JOB,
      );
      return typeof found === "string" ? found : found.atMs;
    };
    expect(round(rolloutChecked(4_239, NEW.job), rolloutChecked(5_239, NEW.job))).toBe(4_239);
    expect(round(rolloutChecked(3_000, NEW.job))).toBe(3_000);
    expect(round(rolloutChecked(2_999, NEW.job))).toBe("due");
    expect(round(rolloutChecked(4_239, "other"))).toBe("due");
    expect(round(rolloutChecked(4_239, NEW.job, { trigger: "exec-update" }))).toBe("due");
    expect(round(rolloutChecked(4_239, NEW.job), shookHands(4_240, "edge2"))).toBe("due");
  });

  it("of no such round where every node was there before the job", () => {
    const record = recordOf([shookHands(1_000, "edge1"), rolloutChecked(2_000, NEW.job)]);
    expect(expansoSignals.recoveryRound(record, JOB)).toBe("none");
    expect(expansoSignals.recoveryRound(recordOf([shookHands(1_000, "edge1")]), JOB)).toBe("none");
  });

  it.each([
    ["HANDSHAKE", "handshake-completed"],
    ["TRANSPORT", "data-plane-ready"],
    ["RECONCILER", "rollout-checked"],
    ["DISPATCH", "dispatch-attempt"],
    ["CONNECT", "broker-connection-opened"],
  ])("of a build that never prints %s lines: that they are missing", (word, missing) => {
    expect(expansoSignals.missingLines(recordOf(LINES))).toEqual([]);
    const rest = LINES.filter((line) => !line.text.includes(word));
    expect(expansoSignals.missingLines(recordOf(rest))).toEqual([missing]);
  });
});

function said(line: Printed, from: string, to: string): Printed {
  expect(line.text).toContain(from);
  return { ...line, text: line.text.replace(from, to) };
}
