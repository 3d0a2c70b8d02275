import type { ExceptableInvariant, LossId } from "../vocabulary.ts";
import type { Knob } from "../timing/profile.ts";
import type { Capability } from "../systems/system.ts";
import type { Condition } from "./condition.ts";
import type { Edges } from "./edges.ts";
import type { DeployedJob } from "./job.ts";

/** A claim about a correct system, and how to put it to the test. */
export interface Scenario {
  readonly id: string;
  /** One sentence that is true of a correct system. */
  readonly claim: string;
  /** Where the claim comes from: seed and section. */
  readonly covers: readonly string[];
  /** How many edges there are at the start; `--edges` can change it. */
  readonly edges: number;
  /** `later`: they are there, but only `edges.start()` starts them. */
  readonly edgesStart?: "later";
  /** The job files it deploys, by name in `pipelines/`; checked before anything is started. */
  readonly jobs: readonly string[];
  /** By recovery strategy. A combination that is not named is expected to hold if one of its parts is. */
  readonly expected: Readonly<Record<string, Expectation>>;
  /** Knobs that the claim needs to be other than the profile says, in milliseconds; the output names them. */
  readonly knobs?: Readonly<Partial<Record<Knob, number>>>;
  readonly needs?: readonly Capability[];
  /** Invariants that its held verdict does without, with the reason. */
  readonly excepts?: Readonly<Partial<Record<ExceptableInvariant, string>>>;
  readonly run: (context: ScenarioContext) => Promise<void>;
}

export type Expectation = "held" | `violated ${LossId}` | "violated";

/** The verbs that a scenario is written in. */
export interface ScenarioContext {
  readonly edges: Edges;
  /** Deploys a job file from `pipelines/`. */
  readonly deploy: (file: string) => Promise<DeployedJob>;
  /** Goes on as soon as it is so. Ends the run as `unknown` if it never is. */
  readonly until: (condition: Condition) => Promise<void>;
  /** Must be so now, or the run is not about its claim: `unknown`. */
  readonly premise: (condition: Condition) => Promise<void>;
  /** What a correct system does within W from now. If it does not, the claim is violated. */
  readonly claim: (condition: Condition) => Promise<void>;
}

export function defineScenario(scenario: Scenario): Scenario {
  return scenario;
}
