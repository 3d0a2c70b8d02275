import { describe, expect, it } from "vitest";
import { scenarios } from "../../scenarios/index.ts";
import type { Result } from "../report/result.ts";
import { bundledSystem } from "../systems/bundled/bundled.ts";
import { aResult } from "../test-kit/a-result.ts";
import { aClaim, aLog, aStep, aTimeline } from "../test-kit/a-timeline.ts";
import { samplesOf, sweepPointOf } from "./point.ts";

const HELD = { verdict: "held", loss: null } as const;

describe("a run of the sweep", () => {
  it.each([
    ["L1", 1_000, "none", "violated L1"],
    ["L1", 1_000, "block", "violated L1"],
    ["L1", 1_000, "pull", "held"],
    ["L2", 3_500, "none", "violated L2"],
    ["L2", 3_500, "block", "held"],
    ["L3", 5_100, "none", "violated L3"],
    ["L3", 5_100, "block+supersede", "held"],
    [null, 6_000, "none", "held"],
    [null, -500, "block", "held"],
    [null, -5, "none", "held or violated"],
  ] as const)(
    "that would lose its message as %s, sent at %i ms, is expected as such under %s",
    (_l, ms, fix, expected) => {
      expect(point(ms, { fix })?.expected).toBe(expected);
    },
  );

  it("agrees with its own log or does not", () => {
    expect(point(1_000, { verdict: "violated", loss: "L1" }).asExpected).toBe(true);
    expect(point(1_000, { verdict: "violated", loss: "L2" }).asExpected).toBe(false);
    expect(point(1_000, HELD).asExpected).toBe(false);
    expect(point(6_000, HELD).asExpected).toBe(true);
    expect(point(-5, HELD).asExpected).toBe(true);
    expect(point(-5, { verdict: "violated", loss: null }).asExpected).toBe(true);
    expect(point(-5, { verdict: "unknown", loss: null }).asExpected).toBe(false);
  });

  it("that logged nothing agrees with nothing", () => {
    const at = { ...bundledSystem, scenarios };
    expect(sweepPointOf(2_000, { result: aResult(HELD), timeline: [] }, at)).toMatchObject({
      askedMs: 2_000,
      dispatchedMs: null,
      expected: null,
      asExpected: false,
    });
  });

  it("whose loss no scenario is about is expected as nothing", () => {
    expect(point(1_000, {}, [])).toMatchObject({ expected: null, asExpected: false });
  });
});

it("only runs that came to a verdict tell where outcomes change", () => {
  const points = [point(1_000, {}), point(2_000, { verdict: "unknown", loss: null }), point(6_000, HELD)];
  expect(samplesOf(points).map(({ atMs, outcome }) => [atMs, outcome])).toEqual([
    [1_000, "violated L1"],
    [6_000, "held"],
  ]);
});

/** Sent so long after the kill; noticed at 3 s, back at 5 s, ready at 5.25 s. */
function point(dispatchedMs: number, result: Partial<Result>, catalogue = scenarios) {
  const job = { job_id: "j-new", node_name: "edge1" };
  const node = { node_name: "edge1" };
  const killedAtMs = 10_000;
  const timeline = aTimeline([
    aStep({ atMs: killedAtMs - 20, verb: "kill" }),
    aLog("broker-connection-closed", { atMs: killedAtMs, fields: { client: "expanso-edge edge1" } }),
    aLog("node-left", { atMs: killedAtMs + 3_000, fields: { ...node, state: "disconnected" } }),
    aLog("handshake-completed", { atMs: killedAtMs + 5_000, fields: node }),
    aLog("data-plane-ready", { atMs: killedAtMs + 5_250, fields: node }),
    aLog("dispatch-attempt", { atMs: killedAtMs + dispatchedMs, fields: job }),
    aLog("published", { atMs: killedAtMs + dispatchedMs, fields: job }),
    aClaim({ atMs: 99_000, job: "j-new" }),
  ]);
  const at = { ...bundledSystem, scenarios: catalogue };
  return sweepPointOf(dispatchedMs - 66, { result: aResult(result), timeline }, at);
}
