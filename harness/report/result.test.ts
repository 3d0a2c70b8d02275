import { describe, expect, it } from "vitest";
import type { InvariantFinding } from "../checks/invariants.ts";
import type { Verdict } from "../checks/verdict.ts";
import type { Scenario } from "../scenario/define.ts";
import type { RunOutcome } from "../scenario/runner.ts";
import type { Witness } from "../systems/system.ts";
import { aPremise, aStep, aTimeline } from "../test-kit/a-timeline.ts";
import { PROFILES, type Timing } from "../timing/profile.ts";
import { makeResult, type Result, type ResultFacts } from "./result.ts";

/** Spec 4-harness, "Artifacts". */
const FIELDS =
  "schemaVersion scenario claim engine simulated timing knobs fix system seed edges verdict expected asExpected " +
  "loss because witnesses premises invariants proof startedAt setupMs verdictMs wallMs virtualMs events replay";
const TIMING = PROFILES["fast"]?.timing as Timing;
const WITNESSES: readonly Witness[] = [{ source: "log", at: 2_374, text: "PUBLISH", line: "2026-…" }];
const VIOLATED: Verdict = { is: "violated", because: "0 of 2 running", loss: "L1", witnesses: WITNESSES };

describe("the result of a run", () => {
  it("has every field that is promised, also once it is JSON", () => {
    const fields = Object.keys(JSON.parse(JSON.stringify(aResultOf())) as Result);
    expect(fields).toEqual(expect.arrayContaining(FIELDS.split(" ")));
    expect(fields).toHaveLength(FIELDS.split(" ").length + 3); // and `paths`, `avoid`, `noProof`
  });

  it("says what was run, with what, and what came of it", () => {
    expect(aResultOf()).toEqual({
      schemaVersion: 1,
      scenario: "deploy-in-disconnect-window",
      claim: "It runs.",
      engine: "docker 20.10.24",
      simulated: false,
      timing: "fast",
      knobs: TIMING,
      fix: "none",
      avoid: "any-job",
      system: "bundled",
      seed: 7,
      edges: 2,
      verdict: "violated",
      expected: "violated L1",
      asExpected: true,
      loss: "L1",
      because: "0 of 2 running",
      witnesses: WITNESSES,
      premises: [
        { what: "the orchestrator believes edge1 connected", held: true, seen: "edge1 connected" },
        { what: "slipped", held: false, seen: "edge1 connected" },
      ],
      paths: [],
      invariants: [],
      proof: null,
      noProof: null,
      startedAt: "2026-11-21T22:57:41.438Z",
      setupMs: 1,
      verdictMs: 2,
      wallMs: 3,
      virtualMs: 4,
      events: 3,
      replay: "pnpm repro",
    });
  });

  it.each<[string, Partial<Result>, Verdict]>([
    ["held", { verdict: "held", loss: null, witnesses: [], asExpected: false }, { is: "held", because: "x" }],
    [
      "unknown",
      { verdict: "unknown", loss: null, witnesses: [], asExpected: false },
      { is: "unknown", because: "x" },
    ],
    [
      "violated without a loss",
      { verdict: "violated", loss: null, asExpected: false },
      { is: "violated", because: "x", loss: null, witnesses: [] },
    ],
  ])("of one that was %s", (_what, fields, verdict) => {
    expect(aResultOf({}, { verdict })).toMatchObject(fields);
  });

  it("tells what was delivered by hand, or why nothing was", () => {
    const proof = { delivered: ["it"], proven: true, afterMs: 1, seen: "it runs", inSecondRun: false };
    expect(aResultOf({}, { proof })).toMatchObject({ proof, noProof: null });
    expect(aResultOf({}, { proof: { why: "no way" } })).toMatchObject({ proof: null, noProof: "no way" });
  });

  it("tells a simulation from the real thing", () => {
    const engine = { name: "sim", title: "simulation" };
    expect(aResultOf({ engine })).toMatchObject({ engine: "simulation", simulated: true });
  });
});

describe("the invariants of a result", () => {
  const finding: InvariantFinding = {
    id: 2,
    name: "no zombie",
    always: false,
    excepted: undefined,
    is: "held",
    seen: "nothing runs unwanted",
    executions: [],
  };

  it.each<[InvariantFinding["is"], boolean | null]>([
    ["held", true],
    ["broken", false],
    ["untold", null],
    ["unclear", null],
  ])("one that is %s is told as held: %s", (is, held) => {
    expect(aResultOf({}, { invariants: [{ ...finding, is }] }).invariants).toEqual([
      { id: 2, name: "no zombie", held, excepted: false, seen: "nothing runs unwanted" },
    ]);
  });

  it("one that the scenario excepts says why", () => {
    expect(aResultOf({}, { invariants: [{ ...finding, excepted: "it may" }] }).invariants).toMatchObject([
      { excepted: true, seen: "nothing runs unwanted; excepted: it may" },
    ]);
  });

  it.each([
    ["one that it explains", { is: "broken" as const }, true],
    ["one that must hold always", { is: "broken" as const, always: true }, false],
    ["one that must hold always and could not be checked", { is: "unclear" as const, always: true }, true],
  ])("a violated claim excuses %s", (_what, at, asExpected) => {
    expect(aResultOf({}, { invariants: [{ ...finding, ...at }] })).toMatchObject({
      verdict: "violated",
      asExpected,
    });
  });
});

describe("what is expected", () => {
  it.each([
    ["what the scenario says of the fix", { fix: "pull" }, "held"],
    ["what the scenario says of its parts", { fix: "block+pull" }, "held"],
    ["what was asked for instead", { expect: "held" }, "held"],
    ["held, where the scenario says nothing", { fix: "supersede" }, "held"],
  ])("is %s", (_what, facts, expected) => {
    expect(aResultOf(facts)).toMatchObject({ expected, asExpected: false });
  });

  it("may be any loss", () => {
    expect(aResultOf({ expect: "violated" })).toMatchObject({ expected: "violated", asExpected: true });
  });
});

function aResultOf(facts: Partial<ResultFacts> = {}, outcome: Partial<RunOutcome> = {}): Result {
  const scenario = {
    id: "deploy-in-disconnect-window",
    claim: "It runs.",
    expected: { none: "violated L1", block: "violated L1", pull: "held" },
  } as unknown as Scenario;
  return makeResult(
    {
      scenario,
      engine: { name: "docker", title: "docker 20.10.24" },
      system: "bundled",
      profile: "fast",
      timing: TIMING,
      fix: "none",
      edges: 2,
      seed: 7,
      startedAt: "2026-11-21T22:57:41.438Z",
      replay: "pnpm repro",
      ...facts,
    },
    {
      verdict: VIOLATED,
      timeline: aTimeline([aStep(), aPremise(), aPremise({ what: "slipped", held: false })]),
      sequences: [],
      invariants: [],
      setupMs: 1,
      verdictMs: 2,
      wallMs: 3,
      virtualMs: 4,
      ...outcome,
    },
  );
}
