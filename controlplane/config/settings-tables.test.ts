import { noRecovery } from "../orchestrator/recovery/none.ts";
import { describe, expect, it } from "vitest";
import { DEFAULT_SETTINGS } from "../orchestrator/settings.ts";
import { EDGE_TABLE } from "./edge-settings.ts";
import { ORCHESTRATOR_TABLE } from "./orchestrator-settings.ts";
import { resolveSettings } from "./resolve.ts";

const NOTHING = { flags: {}, env: {} };

describe("the orchestrator", () => {
  it("has the defaults of spec 1-system, and keeps to spec 2-contract where it listens", () => {
    const { brokerUrl, ...timing } = DEFAULT_SETTINGS;
    expect(resolveSettings(ORCHESTRATOR_TABLE, NOTHING)).toEqual({
      ok: true,
      warnings: [],
      values: {
        ...timing,
        logLevel: "info",
        logFormat: "text",
        natsUrl: brokerUrl,
        natsAdvertisedUrl: undefined,
        dataDir: "/var/lib/expanso/orchestrator",
        apiHost: "0.0.0.0",
        apiPort: 9_010,
        apiKey: undefined,
        runDir: undefined,
        recovery: noRecovery,
      },
    });
  });

  it.each([
    ["EXPANSO_ORCHESTRATOR_NODE_MANAGER_HEARTBEAT_FREQUENCY", "heartbeatMs"],
    ["EXPANSO_ORCHESTRATOR_NODE_MANAGER_HEARTBEAT_TIMEOUT", "disconnectTimeoutMs"],
    ["EXPANSO_ORCHESTRATOR_NODE_MANAGER_LOST_TIMEOUT", "lostTimeoutMs"],
    ["EXPANSO_ORCHESTRATOR_SCHEDULER_REEVALUATION_BATCH_INTERVAL", "reevaluationBatchMs"],
    ["EXPANSO_ORCHESTRATOR_SCHEDULER_HOUSEKEEPING_INTERVAL", "housekeepingMs"],
    ["EXPANSO_ORCHESTRATOR_NODE_MANAGER_DATA_PLANE_SETUP", "dataPlaneSetupMs"],
    ["EXPANSO_ORCHESTRATOR_SCHEDULER_RESYNC_INTERVAL", "resyncIntervalMs"],
  ] as const)("takes %s, and the same key from its file", (variable, key) => {
    const byVariable = resolveSettings(ORCHESTRATOR_TABLE, { flags: {}, env: { [variable]: "42s" } });
    expect(byVariable).toMatchObject({ ok: true, values: { [key]: 42_000 }, warnings: [] });
    const [section, ...rest] = ORCHESTRATOR_TABLE[key].path.split(".");
    const file = { name: "config.yaml", text: `${section}:\n  ${rest.join(".")}: 42s\n` };
    expect(resolveSettings(ORCHESTRATOR_TABLE, { ...NOTHING, file })).toMatchObject({
      ok: true,
      values: { [key]: 42_000 },
    });
  });

  it("has a place of its own for everything", () => {
    for (const table of [ORCHESTRATOR_TABLE, EDGE_TABLE]) {
      const settings = Object.values(table);
      expect(new Set(settings.map(({ path }) => path)).size).toBe(settings.length);
      expect(new Set(settings.map(({ env }) => env)).size).toBe(settings.length);
    }
  });
});

describe("the edge", () => {
  it("has defaults for all but its name", () => {
    expect(resolveSettings(EDGE_TABLE, NOTHING)).toMatchObject({
      ok: true,
      values: {
        name: undefined,
        labels: {},
        natsUrl: undefined,
        dataDir: "/var/lib/expanso/edge",
        bootstrapUrl: undefined,
        bootstrapToken: undefined,
        heartbeatMs: 15_000,
      },
    });
  });

  it("takes what its stacks set", () => {
    const env = {
      EXPANSO_EDGE_NAME: "edge1",
      EXPANSO_EDGE_LABELS: "zone=eu",
      EXPANSO_EDGE_BOOTSTRAP_TOKEN: "t",
      EXPANSO_EDGE_BOOTSTRAP_URL: "http://orchestrator:9010",
      EXPANSO_COMPUTE_HEARTBEAT_FREQUENCY: "1s",
      EXPANSO_LOG_LEVEL: "debug",
    };
    expect(resolveSettings(EDGE_TABLE, { flags: {}, env })).toMatchObject({
      ok: true,
      warnings: [],
      values: {
        name: "edge1",
        labels: { zone: "eu" },
        bootstrapToken: "t",
        bootstrapUrl: "http://orchestrator:9010",
        heartbeatMs: 1_000,
        logLevel: "debug",
      },
    });
  });
});
