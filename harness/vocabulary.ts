/** What the harness sees of any system under test, in its own words; each system translates. */
export interface NodeSeen {
  readonly id: string;
  /** The machine's name. */
  readonly name: string;
  readonly connection: string;
  /** Whether it can be sent to; undefined where the system does not tell. */
  readonly ready: boolean | undefined;
}

export interface JobSeen {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly state: string;
  readonly message: string;
  /** Ids of the nodes that may take it, of those seen with it; undefined where the system does not tell. */
  readonly admits?: "every node" | readonly string[] | undefined;
}

export interface ExecutionSeen {
  readonly id: string;
  readonly jobId: string;
  readonly jobVersion: number;
  readonly nodeId: string;
  readonly desired: string;
  readonly observed: string;
}

/** One look at everything the orchestrator believes. */
export interface ClusterSeen {
  readonly nodes: readonly NodeSeen[];
  readonly jobs: readonly JobSeen[];
  readonly executions: readonly ExecutionSeen[];
}

/** The ways to lose a message (spec 1-system, "Eight ways to get stuck"). */
export type LossId = "L1" | "L2" | "L3" | "L4" | "L5" | "L6" | "L7" | "L8";

export const LOSS_NAMES: Readonly<Record<LossId, string>> = {
  L1: "void",
  L2: "not connected",
  L3: "handshake race",
  L4: "dispatcher restart",
  L5: "status lost",
  L6: "stop lost",
  L7: "wiped node",
  L8: "ghost",
};

/** What must be so at the end of every run (spec 3-scenarios, "Invariants"); named in `checks/invariants.ts`. */
export type InvariantId = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** No scenario has a reason good enough for the other two: 4 and 5 must hold always. */
export type ExceptableInvariant = Exclude<InvariantId, 4 | 5>;

/**
 * Whose pending executions keep a node from being used: two readings of what seed 002 says of `nodesToAvoid` (spec
 * 1-system, "Scheduler").
 */
export type AvoidRule = "any-job" | "same-job";
