import chalk from "chalk";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { SweepPoint } from "../sweep/point.ts";
import { PROFILES, type Timing } from "../timing/profile.ts";
import { sweepJson, sweepText, type SweepFindings } from "./sweep-report.ts";

const level = chalk.level;
beforeAll(() => void (chalk.level = 0));
afterAll(() => void (chalk.level = level));

const KILLED = { name: "killed", atMs: 0, message: "Client connection closed", line: "[1] closed" } as const;
const POINTS = [
  aPoint({ dispatchedMs: 50 }),
  aPoint({ dispatchedMs: 2_000 }),
  aPoint({ dispatchedMs: -40, verdict: "held", loss: null, expected: "held" }),
];

it("as JSON is the setting, the points in order, and the boundaries between them", () => {
  const json = sweepJson(findings());
  expect(Object.keys(json)).toEqual(
    expect.arrayContaining([...Object.keys(findings()), "schemaVersion", "boundaries", "unexpected"]),
  );
  expect(json.points.map(({ dispatchedMs }) => dispatchedMs)).toEqual([-40, 50, 2_000]);
  expect(json.boundaries).toEqual([
    { from: "held", to: "violated L1", afterMs: -40, byMs: 50, line: KILLED, apartMs: 50 },
  ]);
  expect(json.unexpected).toBe(0);
});

it("for people is the stretches, the boundaries with their lines, and the command that repeats it", () => {
  expect(sweepText(findings(), "asked for")).toEqual([
    "sweep    simulation (asked for) · timing fast · fix none · seed 7",
    "the edge is killed at 0 and brought back at 5s; a job is deployed every 500ms from -1s to 8s, then halved down to 100ms",
    "",
    "dispatched, seconds after the kill   what became of it   runs",
    "    -0.040 …     -0.040              held                  1",
    "     0.050 …      2.000              violated L1           2",
    "",
    "it changes between",
    "    -0.040 …      0.050   held → violated L1           within 50 ms of 0.000 Client connection closed",
    "",
    "3 runs, each as its own log lines say, 1.2 s",
    "replay   pnpm repro sweep …",
  ]);
});

it("says of every run that does not agree with its log what was to be expected", () => {
  const lines = sweepText(
    findings([
      ...POINTS,
      aPoint({ dispatchedMs: 3_000, verdict: "held", loss: null, asExpected: false, because: "it runs" }),
      aPoint({
        askedMs: 4_000,
        dispatchedMs: null,
        verdict: "unknown",
        loss: null,
        expected: null,
        asExpected: false,
        because: "no look",
      }),
    ]),
    "asked for",
  );
  expect(lines.filter((line) => line.startsWith("!"))).toEqual([
    "! dispatched at 3.000: expected violated L1, seen held: it runs",
    "! asked at 4s: expected nothing, its log does not tell, seen unknown: no look",
  ]);
  expect(lines).toContain("5 runs, 2 not as their own log lines say, 1.2 s");
});

it("says so where nothing changes anywhere, and names no seed that changes nothing", () => {
  const lines = sweepText(
    { ...findings(POINTS.slice(0, 2)), simulated: false, engine: "docker 20" },
    "found",
  );
  expect(lines[0]).toBe("sweep    docker 20 (found) · timing fast · fix none");
  expect(lines).toContain("the same everywhere: no boundary to find");
});

function aPoint(at: Partial<SweepPoint>): SweepPoint {
  return {
    askedMs: (at.dispatchedMs ?? 0) - 66,
    dispatchedMs: 0,
    verdict: "violated",
    loss: "L1",
    expected: "violated L1",
    asExpected: true,
    because: "0 of 1 running",
    landmarks: [KILLED],
    ...at,
  };
}

function findings(points: readonly SweepPoint[] = POINTS): SweepFindings {
  return {
    engine: "simulation",
    simulated: true,
    timing: "fast",
    knobs: PROFILES["fast"]?.timing as Timing,
    fix: "none",
    system: "bundled",
    seed: 7,
    fromMs: -1_000,
    toMs: 8_000,
    stepMs: 500,
    precisionMs: 100,
    returnAtMs: 5_000,
    points,
    wallMs: 1_234,
    replay: "pnpm repro sweep …",
  };
}
