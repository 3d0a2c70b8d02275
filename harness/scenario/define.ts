import type { ExceptableInvariant, LossId } from "../vocabulary.ts";
import type { Timing } from "../timing/profile.ts";
import type { Capability } from "../systems/system.ts";
import type { Condition } from "./condition.ts";
import type { Edges } from "./edges.ts";
import type { DeployedJob } from "./job.ts";
import type { Server } from "./server.ts";

/** A claim about a correct system, and how to put it to the test. */
export interface Scenario {
  readonly id: string;
  /** One sentence that is true of a correct system. */
  readonly claim: string;
  /** Where the claim comes from: seed and section. */
  readonly covers: readonly string[];
  /** How many edges there are at the start; `--edges` can change it. */
  readonly edges: number;
  /** With fewer its claim is about nothing; 1 unless told. */
  readonly leastEdges?: number;
  /** `later`: they are there, but only `edges.start()` starts them. */
  readonly edgesStart?: "later";
  /** The job files it deploys, by name in `pipelines/` or beside the scenario's own file; checked before anything is started. */
  readonly jobs: readonly string[];
  /** Where its file is, if it is none of the catalogue; and the path as it was typed. */
  readonly folder?: string;
  readonly file?: string;
  /** By recovery strategy, `*` for all that are not named. A combination holds if one of its parts does. */
  readonly expected: Readonly<Record<string, Expectation>>;
  /** What is otherwise where only a node's executions of the same job keep it from being used (`--avoid same-job`). */
  readonly ifSameJobAvoided?: {
    readonly expected: Readonly<Record<string, Expectation>>;
    readonly excepts?: Readonly<Partial<Record<ExceptableInvariant, string>>>;
  };
  /** Strategies in whose presence nothing else helps. */
  readonly spoiledBy?: readonly string[];
  /** Knobs that the claim needs to be no smaller than this, in milliseconds; the output names those it raises. */
  readonly atLeast?: Readonly<Partial<Timing>>;
  readonly needs?: readonly Capability[];
  /** Invariants that its held verdict does without, with the reason. */
  readonly excepts?: Readonly<Partial<Record<ExceptableInvariant, string>>>;
  readonly run: (context: ScenarioContext) => Promise<void>;
}

export type Expectation = "held" | `violated ${LossId}` | "violated";

/** The verbs that a scenario is written in. */
export interface ScenarioContext {
  readonly edges: Edges;
  readonly orchestrator: Server;
  readonly broker: Server;
  /** The pace of this run. */
  readonly timing: Timing;
  /** Deploys a job file from `pipelines/`; one of a name that is there already is an update. `force`: though nothing has changed. */
  readonly deploy: (file: string, options?: { readonly force: boolean }) => Promise<DeployedJob>;
  /** So many new edges; goes on when the orchestrator has shaken hands with them. */
  readonly join: (count: number) => Promise<Edges>;
  /** From now on a log line of this pattern is seen, of each of these edges if some are given. */
  readonly log: (pattern: string, of?: Edges) => Condition;
  /** Goes on as soon as it is so. Ends the run as `unknown` if it never is. */
  readonly until: (condition: Condition) => Promise<void>;
  /** Must be so now, or the run is not about its claim: `unknown`. */
  readonly premise: (condition: Condition) => Promise<void>;
  /**
   * What a correct system does within W from now. If it does not, the claim is violated, and the result `false`: a
   * scenario with more to claim ends there.
   */
  readonly claim: (condition: Condition) => Promise<boolean>;
  /** What is so in a correct system from now on: looked at whenever it may have ceased to be, until all time-outs are over. */
  readonly always: (condition: Condition) => Promise<void>;
}

export function defineScenario(scenario: Scenario): Scenario {
  return scenario;
}
