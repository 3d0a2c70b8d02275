import type { Result } from "../report/result.ts";
import { PROFILES, type Timing } from "../timing/profile.ts";

/** The headline on Docker, as expected. */
export function aResult(at: Partial<Result> = {}): Result {
  return {
    schemaVersion: 1,
    scenario: "deploy-in-disconnect-window",
    claim: "A job deployed before a dead node is noticed runs once the node is back.",
    engine: "docker 20.10.24",
    simulated: false,
    timing: "fast",
    knobs: PROFILES["fast"]?.timing as Timing,
    avoid: "any-job",
    fix: "none",
    system: "bundled",
    seed: 0,
    edges: 2,
    verdict: "violated",
    expected: "violated L1",
    asExpected: true,
    loss: "L1",
    because: "new-test-job is `deploying`, 0 of 2 running; no dispatch since 2.4s",
    witnesses: [
      { source: "state", at: 7_686, text: "execution list: e-1 pending" },
      { source: "log", at: 2_374, text: "2.4s PUBLISH to edge1" },
      { source: "broker", at: 2_375, text: "2.4s PUB to edge1" },
      { source: "log", at: 2_374, text: "2.4s PUBLISH to edge2" },
      { source: "broker", at: 2_375, text: "2.4s PUB to edge2" },
    ],
    premises: [],
    paths: [],
    invariants: [],
    proof: null,
    noProof: null,
    startedAt: "2026-11-21T22:57:41.438Z",
    setupMs: 1_822,
    verdictMs: 8_383,
    wallMs: 8_863,
    virtualMs: 8_255,
    events: 82,
    replay: "pnpm repro deploy-in-disconnect-window --timing fast",
    ...at,
  };
}
