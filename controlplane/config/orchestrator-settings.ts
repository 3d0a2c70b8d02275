import { DEFAULT_SETTINGS } from "../orchestrator/settings.ts";
import type { Recovery } from "../orchestrator/contracts.ts";
import { noRecovery } from "../orchestrator/recovery/none.ts";
import { combineStrategies, STRATEGIES } from "../orchestrator/recovery/recovery.ts";
import type { Setting } from "./resolve.ts";
import { duration, oneOf, optionalText, port, text, type Reading } from "./values.ts";

/** Everything that `expanso-orchestrator run` can be told (names: spec 1-system, "Timing", and 2-contract). */
export const ORCHESTRATOR_TABLE = {
  logLevel: {
    path: "log_level",
    env: "EXPANSO_LOG_LEVEL",
    flag: "--log-level",
    read: oneOf("debug", "info", "warn", "error"),
    fallback: "info" as const,
  },
  logFormat: {
    path: "log_format",
    env: "EXPANSO_LOG_FORMAT",
    flag: "--log-format",
    read: oneOf("text", "json"),
    fallback: "text" as const,
  },
  natsUrl: named("nats.url", "nats://localhost:4222", text("a URL like nats://nats:4222"), "--nats-url"),
  /** What edges are told; another one where they reach the broker by another name. */
  natsAdvertisedUrl: named("nats.advertised_url", undefined, optionalText),
  dataDir: named("data_dir", "/var/lib/expanso/orchestrator", text("a folder"), "--data-dir"),
  apiHost: named("api.host", "0.0.0.0", text("an address to listen on")),
  apiPort: named("api.port", 9010, port),
  apiKey: named("api.key", undefined, optionalText),
  /** Where the API key and broker credentials are left for whoever may be on this machine; nowhere unless told. */
  runDir: named("run_dir", undefined, optionalText),
  heartbeatMs: named("node_manager.heartbeat_frequency", DEFAULT_SETTINGS.heartbeatMs, duration(10)),
  disconnectTimeoutMs: named(
    "node_manager.heartbeat_timeout",
    DEFAULT_SETTINGS.disconnectTimeoutMs,
    duration(10),
  ),
  lostTimeoutMs: named("node_manager.lost_timeout", DEFAULT_SETTINGS.lostTimeoutMs, duration(10)),
  dataPlaneSetupMs: named("node_manager.data_plane_setup", DEFAULT_SETTINGS.dataPlaneSetupMs, duration(0)),
  reevaluationBatchMs: named(
    "scheduler.reevaluation_batch_interval",
    DEFAULT_SETTINGS.reevaluationBatchMs,
    duration(0),
  ),
  housekeepingMs: named("scheduler.housekeeping_interval", DEFAULT_SETTINGS.housekeepingMs, duration(10)),
  resyncIntervalMs: named("scheduler.resync_interval", DEFAULT_SETTINGS.resyncIntervalMs, duration(10)),
  avoid: named("scheduler.avoid", DEFAULT_SETTINGS.avoid, oneOf("any-job", "same-job")),
  recovery: named("scheduler.recovery", noRecovery, recovery),
};

function recovery(given: string): Reading<Recovery> {
  const combined = combineStrategies(given);
  if (combined !== undefined) return { ok: true, value: combined };
  return {
    ok: false,
    accepted: `${Object.keys(STRATEGIES).join(", ")}, recommended, or several joined by +`,
  };
}

/** The variable follows from the path: `nats.url` is `EXPANSO_ORCHESTRATOR_NATS_URL`. */
function named<T>(path: string, fallback: T, read: (given: string) => Reading<T>, flag?: string): Setting<T> {
  return {
    path,
    env: `EXPANSO_ORCHESTRATOR_${path.replaceAll(".", "_").toUpperCase()}`,
    flag,
    read,
    fallback,
  };
}
