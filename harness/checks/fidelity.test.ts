import { describe, expect, it } from "vitest";
import { aClaim, aFault, aStep, aTimeline, type Moment } from "../test-kit/a-timeline.ts";
import type { Act } from "../timeline/entry.ts";
import { faultUnlikeItsName } from "./fidelity.ts";

type Deed = Extract<Act, { readonly machines: readonly string[] }>["do"];

const did = (
  atMs: number,
  verb: Exclude<Deed, "recreate">,
  machines: readonly string[] = ["edge1"],
): Moment => aStep({ atMs, verb, act: { do: verb, machines } });
const proven = (atMs: number, fault: string, machines: readonly string[] = ["edge1"]): Moment =>
  aFault({ atMs, fault, machines });
const CLAIM = aClaim({ atMs: 30_000 });
const CUT = [did(1_000, "cut"), proven(1_100, "cut"), did(1_500, "heal"), proven(1_600, "heal"), CLAIM];
const PAUSE = [
  did(1_000, "pause"),
  proven(1_010, "pause"),
  did(4_000, "resume"),
  proven(4_010, "resume"),
  CLAIM,
];

describe("a fault that a connection survives", () => {
  it.each([
    ["cut", CUT],
    ["pause", PAUSE],
  ])("is what it is called if the connection is the old one: %s", (_what, moments) => {
    expect(unlike(moments)).toBeUndefined();
    expect(unlike(moments, { atMs: 900 })).toBeUndefined();
    expect(unlike(moments, { machine: "edge2" })).toBeUndefined();
  });

  it.each([
    ["cut", CUT],
    ["pause", PAUSE],
  ])("was another one if the machine came back on a new connection: %s", (what, moments) => {
    expect(unlike(moments, { atMs: 5_000 })).toBe(
      `${what} of edge1 was another fault: it came back on a new connection (7) at 5.0s, as after a kill`,
    );
  });

  it("is told of each of several machines", () => {
    const both = ["edge1", "edge2"];
    const moments = [did(1_000, "cut", both), did(1_500, "heal", both), proven(1_600, "heal", both), CLAIM];
    expect(unlike(moments, { machine: "edge2" })).toMatch(/^cut of edge2 /);
  });

  it.each([
    ["it was long", [did(1_000, "cut"), did(12_000, "heal"), proven(12_100, "heal"), CLAIM]],
    ["it never ended", [did(1_000, "cut"), proven(1_100, "cut"), CLAIM]],
    ["the machine was killed since", [...CUT, did(2_000, "kill")]],
    ["the broker was killed meanwhile", [...CUT, did(1_200, "kill", ["nats"])]],
  ])("may cost the connection if %s", (_what, moments) => {
    expect(unlike(moments, { atMs: 13_000 })).toBeUndefined();
  });

  it.each([
    ["another machine was killed since", [...CUT, did(2_000, "kill", ["edge2"])]],
    ["it was healed, which is a deed as well", CUT],
  ])("may not cost it though %s", (_what, moments) => {
    expect(unlike(moments, { atMs: 13_000 })).toMatch(/^cut of edge1 /);
  });

  it("is not told of what came after the last claim", () => {
    expect(unlike(CUT, { atMs: 30_001 })).toBeUndefined();
  });
});

it("a kill is meant to cost the connection", () => {
  expect(unlike([did(1_000, "kill"), proven(1_100, "kill"), CLAIM])).toBeUndefined();
});

function unlike(moments: readonly Moment[], at?: { readonly atMs?: number; readonly machine?: string }) {
  const returns = at === undefined ? [] : [{ machine: "edge1", atMs: 2_500, id: "7", ...at }];
  return faultUnlikeItsName(aTimeline(moments), { returns, brokerMachine: "nats" });
}
