import { describe, expect, it } from "vitest";
import { bundledSystem } from "../systems/bundled/bundled.ts";
import { aClaim, aLog, aStep, aTimeline, type Moment } from "../test-kit/a-timeline.ts";
import type { Entry } from "../timeline/entry.ts";
import { fateOf, landmarksOf, type RunLandmarks } from "./landmarks.ts";

const JOB = { job_id: "j-new", node_name: "edge1" };
const NODE = { node_name: "edge1" };

const kill = aStep({ atMs: 10_000, verb: "kill", subject: "edge1" });
const closed = (atMs: number) =>
  aLog("broker-connection-closed", {
    atMs,
    machine: "nats",
    fields: { client: "expanso-edge edge1", cid: "5" },
  });
const gone = (atMs: number) => aLog("node-left", { atMs, fields: { ...NODE, state: "disconnected" } });
const handshake = (atMs: number) => aLog("handshake-completed", { atMs, fields: NODE });
const ready = (atMs: number) => aLog("data-plane-ready", { atMs, fields: NODE });
const claim = aClaim({ atMs: 99_000, job: "j-new" });
const attempt = (atMs: number) => aLog("dispatch-attempt", { atMs, fields: JOB });
const published = (atMs: number) => aLog("published", { atMs, fields: JOB });
const refused = (atMs: number) => aLog("publish-refused", { atMs, fields: JOB });

/** The edge comes, is killed at 10.02 s, noticed at 13 s, back at 15 s and ready at 15.25 s. */
const ABSENCE = [
  handshake(500),
  ready(750),
  kill,
  closed(10_020),
  gone(13_000),
  handshake(15_000),
  ready(15_250),
  claim,
];

describe("what a run logged of the moments that matter", () => {
  it("is counted from the broker's record of the edge's end", () => {
    expect(read([...ABSENCE, attempt(12_020), published(12_021)])).toMatchObject({
      dispatchedMs: 2_000,
      passed: "killed",
      landmarks: [
        { name: "killed", atMs: 0 },
        { name: "disconnected", atMs: 2_980 },
        { name: "handshake", atMs: 4_980 },
        { name: "ready", atMs: 5_230 },
      ],
    });
  });

  it("is about the first dispatch of the job under test: a fix may send it again", () => {
    const other = aLog("published", { atMs: 1_000, fields: { ...JOB, job_id: "j-first" } });
    const again = [attempt(16_000), published(16_000)];
    expect(read([...ABSENCE, other, attempt(12_020), published(12_021), ...again])?.dispatchedMs).toBe(2_000);
  });

  it.each([
    ["nobody was killed", ABSENCE.filter((moment) => moment !== kill)],
    ["the broker recorded no end", ABSENCE.filter((moment) => moment.atMs !== 10_020)],
    ["nothing was claimed", ABSENCE.filter((moment) => moment !== claim)],
  ])("is nothing if %s", (_what, moments) => {
    expect(read([...moments, attempt(12_020), published(12_021)])).toBeUndefined();
  });

  it("is nothing if the job was never dispatched", () => {
    expect(read(ABSENCE)).toBeUndefined();
  });
});

describe("a message that is sent", () => {
  it.each([
    ["before the kill arrives", [attempt(9_000), published(9_000)], { kind: "arrives" }],
    ["just before it is in flight", [attempt(10_015), published(10_015)], { kind: "in-flight" }],
    ["after it is lost as L1", [attempt(10_021), published(10_021)], { kind: "lost", loss: "L1" }],
    ["once it was noticed, as L2", [attempt(13_001), refused(13_001)], { kind: "lost", loss: "L2" }],
    ["after the handshake, as L3", [attempt(15_001), refused(15_001)], { kind: "lost", loss: "L3" }],
    ["once the data plane is ready arrives", [attempt(15_251), published(15_251)], { kind: "arrives" }],
  ])("%s", (_what, dispatch, fate) => {
    expect(fateIn([...ABSENCE, ...dispatch])).toEqual(fate);
  });

  it("in the same millisecond as a line, is before or after it as they were logged", () => {
    const [before, after] = [ABSENCE.slice(0, 4), ABSENCE.slice(4)];
    const dispatch = [attempt(13_000), published(13_000)];
    expect(fateIn([...before, ...dispatch, ...after])).toEqual({ kind: "lost", loss: "L1" });
    expect(fateIn([...before, ...after, ...dispatch])).toEqual({ kind: "lost", loss: "L2" });
  });

  it("has no fate that could be told where the line is missing that would end its stretch", () => {
    const unnoticed = ABSENCE.filter((moment) => moment.atMs !== 13_000);
    expect(fateIn([...unnoticed, attempt(12_000), published(12_000)])).toBeUndefined();
    expect(fateIn([...ABSENCE.slice(0, 6), claim, attempt(15_100), refused(15_100)])).toBeUndefined();
    // What comes later does not matter to it.
    expect(fateIn([...ABSENCE.slice(0, 6), claim, attempt(12_000), published(12_000)])).toEqual({
      kind: "lost",
      loss: "L1",
    });
  });
});

function read(moments: readonly Moment[]): RunLandmarks | undefined {
  return landmarksOf(record(moments), bundledSystem);
}

function fateIn(moments: readonly Moment[]) {
  const seen = read(moments);
  expect(seen).toBeDefined();
  return fateOf(seen!);
}

function record(moments: readonly Moment[]): readonly Entry[] {
  return aTimeline(moments);
}
