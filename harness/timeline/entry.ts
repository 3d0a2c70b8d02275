import type { ClusterSeen, ExecutionSeen, NodeSeen } from "../vocabulary.ts";

/**
 * The ordered record of one run: the only thing that verdicts are made from. Times are milliseconds since
 * the run began, on the engine's clock.
 */
export type Entry = { readonly seq: number; readonly atMs: number } & EntryBody;

export type EntryBody =
  /** Something the scenario did. */
  | {
      readonly kind: "step";
      readonly verb: string;
      readonly subject: string;
      readonly outcome?: string | undefined;
      /** What was done, for whoever wants to do the same by hand. */
      readonly act?: Act | undefined;
    }
  /** What was done to machines, and how it is known to have worked. */
  | {
      readonly kind: "fault";
      readonly fault: string;
      readonly machines: readonly string[];
      readonly bit: boolean;
      readonly seen: string;
    }
  /** A log line that a pattern knows. */
  | {
      readonly kind: "log";
      readonly pattern: string;
      readonly machine: string;
      readonly fields: Readonly<Record<string, string>>;
      readonly text: string;
    }
  /** What the orchestrator said when it was asked. */
  | { readonly kind: "state"; readonly seen: ClusterSeen }
  | { readonly kind: "nodes"; readonly nodes: readonly NodeSeen[] }
  /** What an edge itself said that it runs. */
  | { readonly kind: "running-on"; readonly edge: string; readonly executionIds: readonly string[] }
  /** Something that has to be true for the run to be about its claim. */
  | {
      readonly kind: "premise";
      readonly what: string;
      readonly held: boolean;
      readonly seen: string;
      /** How to make sure of it. */
      readonly act?: Act | undefined;
    }
  /** What the run is about. `sinceMs`: when the time for it began to run. */
  | {
      readonly kind: "claim";
      readonly what: string;
      readonly held: boolean;
      readonly seen: string;
      readonly sinceMs: number;
      readonly windowMs: number;
      /** It had to stay so for this long, in milliseconds; undefined where it had to become so. */
      readonly watchedMs?: number | undefined;
      /** Id of the job it is about, where it is about one. */
      readonly job?: string | undefined;
      /** The executions that kept it from being met. */
      readonly stuck: readonly ExecutionSeen[];
    }
  /**
   * Everything that should be connected was found to be, W after the last change: from here on the invariants
   * can be asked for. `problem`: why that never came.
   */
  | {
      readonly kind: "settled";
      /** The edges that should be connected: running, not paused, not cut off. */
      readonly edges: readonly string[];
      /** The last change: what the scenario did, a handshake, a node that left. */
      readonly sinceMs: number;
      readonly windowMs: number;
      readonly problem?: string | undefined;
    }
  /** What an edge said that it runs, asked of the edge itself. */
  | { readonly kind: "running-on"; readonly edge: string; readonly executionIds: readonly string[] }
  /** What was lost was done by hand. */
  | {
      readonly kind: "proof";
      readonly delivered: readonly string[];
      readonly proven: boolean;
      /** From the delivery to the claim's being met, or to the end of the wait. */
      readonly afterMs: number;
      readonly seen: string;
      /** It was done in a second run of the same seed, which went the same way up to its claim. */
      readonly inSecondRun: boolean;
    }
  /** A stuck cluster was watched further. */
  | { readonly kind: "driven-on"; readonly forMs: number; readonly healed: boolean; readonly seen: string }
  /** Every log stream has been read past this moment, so that what is absent was not merely late. */
  | { readonly kind: "streams-read"; readonly upToMs: number };

/** One deed of a scenario; everything else in its record came of these. */
export type Act =
  | {
      readonly do: "start" | "join" | "kill" | "restart" | "pause" | "resume" | "cut" | "heal";
      readonly machines: readonly string[];
    }
  | {
      readonly do: "recreate";
      readonly machines: readonly string[];
      readonly identity: "kept" | "new" | "wiped";
    }
  | { readonly do: "deploy"; readonly file: string; readonly force: boolean }
  | { readonly do: "stop-job"; readonly job: string }
  /** Time itself was what mattered. */
  | { readonly do: "pass"; readonly ms: number }
  /** `withinMs`: it was given up after that; 0: it had to be so at once. */
  | { readonly do: "wait"; readonly for: readonly Wait[]; readonly withinMs: number };

/** What was waited for, by the names of edges and jobs. */
export type Wait =
  | { readonly is: "serving" | "broker-back" | "joins-handled" }
  | { readonly is: "ready" | "handshake"; readonly edges: readonly string[] }
  | { readonly is: "believed"; readonly edges: readonly string[]; readonly connection: string }
  /** A log line of this pattern, of each of the edges if there are any. */
  | { readonly is: "line"; readonly pattern: string; readonly edges: readonly string[] }
  | { readonly is: "dispatched" | "ended"; readonly job: string; readonly edges: readonly string[] }
  | { readonly is: "planned"; readonly job: string }
  /** `whole`: and the job itself has left `deploying`. */
  | {
      readonly is: "running";
      readonly job: string;
      readonly edges: readonly string[];
      readonly whole: boolean;
    }
  | { readonly is: "job-state"; readonly job: string; readonly state: string; readonly message: string }
  /** Nothing that has a name of its own: what was seen of this job (by id) when it was met. */
  | { readonly is: "as-seen"; readonly jobId: string | undefined };

export type EntryOf<K extends Entry["kind"]> = Extract<Entry, { kind: K }>;
