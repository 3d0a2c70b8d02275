import type { AvoidRule } from "../model/plan.ts";

/** Everything about an orchestrator that can be set. Defaults: spec 1-system, "Timing". */
export interface OrchestratorSettings {
  /** How often edges must be heard of; told to them in the handshake. */
  readonly heartbeatMs: number;
  /** Silence after which a connected node counts as disconnected. */
  readonly disconnectTimeoutMs: number;
  /** Further silence after which a disconnected node counts as lost. */
  readonly lostTimeoutMs: number;
  /** How long a join or leave waits before jobs are looked at again. */
  readonly reevaluationBatchMs: number;
  /** How often timeouts are checked and garbage is collected. */
  readonly housekeepingMs: number;
  /** From a handshake to the moment at which the node can be sent to. */
  readonly dataPlaneSetupMs: number;
  /** For the `resync` recovery strategy: how often edge and orchestrator compare notes. */
  readonly resyncIntervalMs: number;
  readonly avoid: AvoidRule;
  /** Where edges that bootstrap are told that the message broker is. */
  readonly brokerUrl: string;
  /** What API calls must show as `Authorization: Bearer …`, if anything. */
  readonly apiKey?: string | undefined;
}

export const DEFAULT_SETTINGS: OrchestratorSettings = {
  heartbeatMs: 15_000,
  disconnectTimeoutMs: 5 * 60_000,
  lostTimeoutMs: 60 * 60_000,
  reevaluationBatchMs: 15_000,
  housekeepingMs: 30_000,
  dataPlaneSetupMs: 250,
  resyncIntervalMs: 30_000,
  avoid: "any-job",
  brokerUrl: "nats://localhost:4222",
};
