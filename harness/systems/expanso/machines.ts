import { OUTSIDE, type MachineSpec } from "../../engines/engine.ts";
import type { Timing } from "../../timing/profile.ts";
import { writeDuration } from "../../timing/duration.ts";
import type { ClusterShape } from "../system.ts";

export const NATS = "nats";
export const ORCHESTRATOR = "orchestrator";
const BROKER_PORT = 4222;
export const API_PORT = 9010;
export const BROKER_URL = `nats://${NATS}:${BROKER_PORT}`;

/** The role of a machine follows from its name: everything but these two is an edge. */
export function roleOf(machine: string): "nats" | "orchestrator" | "edge" {
  return machine === NATS || machine === ORCHESTRATOR ? machine : "edge";
}

/** The name under which an edge connects to the broker. */
export function clientOf(edge: string): string {
  return `expanso-edge ${edge}`;
}

export function expansoMachines(shape: ClusterShape): MachineSpec[] {
  return [
    natsMachine(shape),
    orchestratorMachine(shape),
    ...Array.from({ length: shape.edges }, (_, index) => edgeMachine(`edge${index + 1}`)),
  ];
}

/** Its configuration, with the protocol trace that is our witness, is in the image. */
function natsMachine({ published }: ClusterShape): MachineSpec {
  return { name: NATS, image: "nats", args: [], env: {}, ...(published && { publishes: [BROKER_PORT] }) };
}

function orchestratorMachine({ timing, fix, avoid, published }: ClusterShape): MachineSpec {
  return {
    name: ORCHESTRATOR,
    image: "orchestrator",
    args: ["run"],
    env: {
      EXPANSO_LOG_LEVEL: "debug",
      EXPANSO_ORCHESTRATOR_NATS_URL: BROKER_URL,
      EXPANSO_ORCHESTRATOR_SCHEDULER_RECOVERY: fix,
      ...(avoid === undefined ? {} : { EXPANSO_ORCHESTRATOR_SCHEDULER_AVOID: avoid }),
      ...(published && { EXPANSO_ORCHESTRATOR_NATS_ADVERTISED_URL: `nats://${OUTSIDE}:${BROKER_PORT}` }),
      ...timingEnv(timing),
    },
    data: {
      path: "/var/lib/expanso/orchestrator",
      identity: [],
      given: { "cluster.key": "cluster_key" },
    },
    ...(published && { publishes: [API_PORT] }),
  };
}

export function edgeMachine(name: string): MachineSpec {
  return {
    name,
    image: "edge",
    args: ["run"],
    env: {
      EXPANSO_EDGE_NAME: name,
      EXPANSO_EDGE_LABELS: `edge=${name}`,
      EXPANSO_EDGE_NATS_URL: BROKER_URL,
      EXPANSO_EDGE_BOOTSTRAP_URL: `http://${ORCHESTRATOR}:${API_PORT}`,
    },
    data: {
      path: "/var/lib/expanso/edge",
      identity: ["identity.json"],
      given: { "bootstrap-token": "bootstrap_token" },
    },
  };
}

/** Spec 1-system, "Timing". */
function timingEnv(timing: Timing): Record<string, string> {
  const manager = "EXPANSO_ORCHESTRATOR_NODE_MANAGER";
  const scheduler = "EXPANSO_ORCHESTRATOR_SCHEDULER";
  return {
    [`${manager}_HEARTBEAT_FREQUENCY`]: writeDuration(timing.heartbeat),
    [`${manager}_HEARTBEAT_TIMEOUT`]: writeDuration(timing.disconnectTimeout),
    [`${manager}_LOST_TIMEOUT`]: writeDuration(timing.lostTimeout),
    [`${manager}_DATA_PLANE_SETUP`]: writeDuration(timing.dataPlaneSetup),
    [`${scheduler}_REEVALUATION_BATCH_INTERVAL`]: writeDuration(timing.reevaluationBatch),
    [`${scheduler}_HOUSEKEEPING_INTERVAL`]: writeDuration(timing.housekeeping),
    [`${scheduler}_RESYNC_INTERVAL`]: writeDuration(timing.resyncInterval),
  };
}
