import type { EvaluationStatus, EvaluationTrigger } from "../model/evaluation.ts";
import type { DesiredState, ObservedState } from "../model/execution.ts";
import type { JobSpec, JobState } from "../model/job.ts";
import type { NodeConnection } from "../model/node.ts";

/**
 * The HTTP API's shapes (spec 2-contract, "Objects"), base `http://HOST:9010/api/v1`. Times are RFC 3339
 * strings with milliseconds.
 */
export const API_PREFIX = "/api/v1";
export const DEFAULT_PORT = 9010;

export interface WireNode {
  readonly id: string;
  readonly spec: {
    readonly name: string;
    readonly hostname: string;
    readonly os: string;
    readonly arch: string;
    readonly agent_version: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly status: {
    readonly connection_state: NodeConnection;
    /** Whether the orchestrator can send to it now. Ours: connected is not ready (spec 1-system). */
    readonly data_plane: "none" | "setting-up" | "ready";
    readonly connected_since?: string | undefined;
    readonly disconnected_since?: string | undefined;
    readonly last_heartbeat?: string | undefined;
    readonly created_at: string;
    readonly updated_at: string;
    readonly message: string;
    readonly revision: number;
    readonly last_edge_seq_num: number;
    readonly last_orchestrator_seq_num: number;
  };
}

export interface WireJob {
  readonly id: string;
  readonly spec: JobSpec;
  readonly status: {
    readonly state: {
      readonly state_type: JobState;
      readonly message: string;
      readonly details: Readonly<Record<string, string>>;
    };
    readonly version: number;
    readonly revision: number;
    readonly created_at: string;
    readonly updated_at: string;
  };
}

export interface WireExecution {
  readonly id: string;
  readonly eval_id: string;
  readonly job_id: string;
  readonly job_type: "pipeline";
  readonly job_version: number;
  readonly node_id: string;
  readonly status: {
    readonly desired_state: { readonly state_type: DesiredState; readonly message: string };
    readonly observed_state: { readonly state_type: ObservedState; readonly message: string };
    readonly details: Readonly<Record<string, string>>;
    readonly created_at: string;
    readonly updated_at: string;
    readonly revision: number;
    readonly previous_execution_id?: string | undefined;
    readonly next_execution_id?: string | undefined;
  };
}

export interface WireEvaluation {
  readonly id: string;
  readonly job_id: string;
  readonly trigger: EvaluationTrigger;
  readonly status: EvaluationStatus;
  readonly created_at: string;
  readonly updated_at: string;
}

/** One line of a job's or an execution's history. */
export interface WireHistoryEntry {
  readonly seq: number;
  readonly time: string;
  readonly event: string;
  readonly details: Readonly<Record<string, string | number>>;
}

/** `next_token` is given when there is more. */
export interface WireList<T> {
  readonly items: readonly T[];
  readonly next_token?: string | undefined;
}

/** `PUT /jobs`. */
export interface WireDeployRequest {
  readonly spec: unknown;
  readonly force?: boolean;
  readonly dry_run?: boolean;
}

export interface WireDeployResponse {
  readonly job: WireJob;
  readonly created: boolean;
  readonly warnings: readonly string[];
}

/** `POST /nodes/register`. */
export interface WireRegisterRequest {
  readonly token: string;
  /** Of the key with which the edge will prove to the message broker who it is. */
  readonly public_key: string;
  readonly name: string;
  readonly hostname: string;
  readonly os: string;
  readonly arch: string;
  readonly agent_version: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface WireRegisterResponse {
  readonly node_id: string;
  /** Where the message broker is, and what to show there. */
  readonly nats: { readonly url: string; readonly jwt: string };
}

/** `GET /status`. Counts by state, zero ones left out. */
export interface WireStatus {
  readonly version: string;
  readonly nodes: Readonly<Record<string, number>>;
  readonly jobs: Readonly<Record<string, number>>;
  readonly executions: Readonly<Record<string, number>>;
  readonly evaluations: Readonly<Record<string, number>>;
  readonly settings: Readonly<Record<string, string>>;
}

/** Every answer that is not a success. `code` is for programs, `message` for people. */
export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  /** Where in the request the problems are, as far as they have a place. */
  readonly problems?: readonly WireProblem[];
}

export type ErrorCode =
  | "INVALID"
  | "TOO_LARGE"
  | "UNAUTHORIZED"
  | "TOKEN_MISSING"
  | "TOKEN_UNKNOWN"
  | "TOKEN_EXPIRED"
  | "TOKEN_OF_ANOTHER_CLUSTER"
  | "NOT_FOUND"
  | "NAME_TAKEN"
  | "NO_CHANGES_DETECTED"
  | "CONFLICT"
  | "INTERNAL";

export interface WireProblem {
  /** `config.input.generate.interval`. */
  readonly path: string;
  readonly message: string;
}

/**
 * No larger request is read, in bytes. What a job's pipeline becomes on its way to an edge has to be a message that a
 * broker takes (1 MiB).
 */
export const LARGEST_BODY = 512 * 1024;

export function tooLargeBody() {
  return {
    code: "TOO_LARGE",
    message: `the request is larger than ${LARGEST_BODY} bytes: more is not read`,
  } as const satisfies WireError;
}
