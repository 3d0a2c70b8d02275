/** What a user deploys, spelled as in the job file (spec 2-contract), with its defaults filled in. */
export interface JobSpec {
  readonly name: string;
  readonly type: "pipeline";
  readonly description?: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly meta: Readonly<Record<string, string>>;
  readonly priority: number;
  readonly restart_policy: RestartPolicy;
  readonly selector: Selector;
  /** The pipeline: checked by `controlplane/pipeline` before it is stored. */
  readonly config: unknown;
}

export type RestartPolicy = "on-failure" | "always" | "never";

/** All three are ANDed; an empty selector matches every node. */
export interface Selector {
  readonly match_ids: readonly string[];
  readonly match_labels: Readonly<Record<string, string>>;
  /** `k=v`, `k==v`, `k!=v`, `k in (a,b)`, `k notin (a,b)`, `k`, `!k`. */
  readonly match_expressions: readonly string[];
}

/** A job as the orchestrator keeps it: the newest version, and what became of it. */
export interface Job {
  /** `j-<uuid>`. */
  readonly id: string;
  readonly spec: JobSpec;
  /** 1 for the first deployment. */
  readonly version: number;
  /** Whether somebody still wants it; `job stop` says no. */
  readonly wanted: boolean;
  readonly state: { readonly type: JobState; readonly message: string };
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly revision: number;
}

export type JobState =
  "pending" | "queued" | "deploying" | "running" | "degraded" | "completed" | "failed" | "stopped";
