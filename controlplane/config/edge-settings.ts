import { duration, labels, oneOf, optionalText, text } from "./values.ts";

/** Everything that `expanso-edge run` can be told (names: spec 2-contract, "Processes"). */
export const EDGE_TABLE = {
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
  name: {
    path: "name",
    env: "EXPANSO_EDGE_NAME",
    flag: "--name",
    read: optionalText,
    fallback: undefined as string | undefined,
  },
  labels: {
    path: "labels",
    env: "EXPANSO_EDGE_LABELS",
    flag: "--labels",
    read: labels,
    fallback: {} as Readonly<Record<string, string>>,
  },
  natsUrl: {
    path: "nats.url",
    env: "EXPANSO_EDGE_NATS_URL",
    flag: "--nats-url",
    read: optionalText,
    fallback: undefined as string | undefined,
  },
  dataDir: {
    path: "data_dir",
    env: "EXPANSO_EDGE_DATA_DIR",
    flag: "--data-dir",
    read: text("a folder"),
    fallback: "/var/lib/expanso/edge",
  },
  bootstrapUrl: {
    path: "bootstrap.url",
    env: "EXPANSO_EDGE_BOOTSTRAP_URL",
    flag: "--url",
    read: optionalText,
    fallback: undefined as string | undefined,
  },
  bootstrapToken: {
    path: "bootstrap.token",
    env: "EXPANSO_EDGE_BOOTSTRAP_TOKEN",
    flag: "--token",
    read: optionalText,
    fallback: undefined as string | undefined,
  },
  // Accepted because the real product's stacks set it; the orchestrator's answer to the handshake wins.
  heartbeatMs: {
    path: "compute.heartbeat_frequency",
    env: "EXPANSO_COMPUTE_HEARTBEAT_FREQUENCY",
    read: duration(10),
    fallback: 15_000,
  },
};
