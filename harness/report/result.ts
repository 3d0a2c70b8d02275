import type { InvariantFinding } from "../checks/invariants.ts";
import { expectationFor, isAsExpected, withoutLoss } from "../checks/expectation.ts";
import type { SequenceMatch } from "../checks/sequence.ts";
import type { Proof } from "../scenario/prove.ts";
import type { RunOutcome } from "../scenario/runner.ts";
import type { Scenario } from "../scenario/define.ts";
import type { Witness } from "../systems/system.ts";
import { ofKind } from "../timeline/timeline.ts";
import type { Timing } from "../timing/profile.ts";
import type { AvoidRule, InvariantId, LossId } from "../vocabulary.ts";

/** `result.json` (spec 4-harness, "Artifacts"). All `…Ms` are milliseconds. */
export interface Result {
  readonly schemaVersion: 1;
  readonly scenario: string;
  readonly claim: string;
  readonly engine: string;
  readonly simulated: boolean;
  /** Name of the profile. */
  readonly timing: string;
  /** What the pace really was, with everything that the scenario changed. */
  readonly knobs: Timing;
  readonly fix: string;
  /** Whose pending executions keep a node from being used. */
  readonly avoid: AvoidRule;
  readonly system: string;
  readonly seed: number;
  readonly edges: number;
  readonly verdict: "held" | "violated" | "unknown";
  readonly expected: string;
  readonly asExpected: boolean;
  readonly loss: LossId | null;
  readonly because: string;
  readonly witnesses: readonly Witness[];
  readonly premises: readonly { readonly what: string; readonly held: boolean; readonly seen: string }[];
  /** Which of the paths that the seeds describe were seen, and for what. */
  readonly paths: readonly SequenceMatch[];
  readonly invariants: readonly InvariantResult[];
  readonly proof: Proof | null;
  /** Why a loss that was named is not proven, nor tried to be. */
  readonly noProof: string | null;
  readonly startedAt: string;
  readonly setupMs: number;
  readonly verdictMs: number;
  readonly wallMs: number;
  readonly virtualMs: number;
  readonly events: number;
  readonly replay: string;
}

export interface InvariantResult {
  readonly id: InvariantId;
  readonly name: string;
  /** Null where it could not be checked; that is no pass. */
  readonly held: boolean | null;
  /** The scenario does without it, and says why. */
  readonly excepted: boolean;
  /** What was found, or why nothing could be. */
  readonly seen: string;
}

export interface ResultFacts {
  readonly scenario: Scenario;
  readonly engine: { readonly name: string; readonly title: string };
  readonly system: string;
  readonly profile: string;
  readonly timing: Timing;
  readonly fix: string;
  readonly avoid?: AvoidRule | undefined;
  readonly edges: number;
  readonly seed: number;
  /** False where most of the evidence by which a loss is named is elsewhere; true unless told. */
  readonly namesLosses?: boolean;
  /** `--expect`, which overrides the scenario's own expectation. */
  readonly expect?: string | undefined;
  readonly startedAt: string;
  readonly replay: string;
}

export function makeResult(facts: ResultFacts, outcome: RunOutcome): Result {
  const { verdict, timeline, invariants } = outcome;
  const known = expectationFor(facts.scenario, facts.fix, facts.avoid) ?? "held";
  const expected = facts.expect ?? (facts.namesLosses === false ? withoutLoss(known) : known);
  return {
    schemaVersion: 1,
    scenario: facts.scenario.id,
    claim: facts.scenario.claim,
    engine: facts.engine.title,
    simulated: facts.engine.name === "sim",
    timing: facts.profile,
    knobs: facts.timing,
    fix: facts.fix,
    avoid: facts.avoid ?? "any-job",
    system: facts.system,
    seed: facts.seed,
    edges: facts.edges,
    verdict: verdict.is,
    expected,
    asExpected: isAsExpected(verdict, expected) && !invariants.some(isUnexcused),
    loss: verdict.is === "violated" ? verdict.loss : null,
    because: verdict.because,
    witnesses: verdict.is === "violated" ? verdict.witnesses : [],
    premises: ofKind(timeline, "premise").map(({ what, held, seen }) => ({ what, held, seen })),
    paths: outcome.sequences,
    invariants: invariants.map(invariantResult),
    proof: outcome.proof === undefined || "why" in outcome.proof ? null : outcome.proof,
    noProof: outcome.proof !== undefined && "why" in outcome.proof ? outcome.proof.why : null,
    startedAt: facts.startedAt,
    setupMs: outcome.setupMs,
    verdictMs: outcome.verdictMs,
    wallMs: outcome.wallMs,
    virtualMs: outcome.virtualMs,
    events: timeline.length,
    replay: facts.replay,
  };
}

/** A violated claim excuses what it broke, but not these. */
function isUnexcused({ always, is }: InvariantFinding): boolean {
  return always && is === "broken";
}

function invariantResult({ id, name, is, excepted, seen }: InvariantFinding): InvariantResult {
  return {
    id,
    name,
    held: is === "held" ? true : is === "broken" ? false : null,
    excepted: excepted !== undefined,
    seen: excepted === undefined ? seen : `${seen}; excepted: ${excepted}`,
  };
}
