import type { Snapshot } from "../../model/plan.ts";
import type { Strategy } from "./recovery.ts";

/**
 * Approach B of seed 002, `redispatchPendingExecutions`: when a node has joined, what is still pending and wanted
 * running on a connected node is sent once more. Edges ignore repeats, so sending too much is safe.
 */
export const redispatch: Strategy = {
  redispatch: pendingOnConnectedNodes,
  // A node-join evaluation can come before its data plane is ready, if the batch is short.
  retriesRefused: true,
};

function pendingOnConnectedNodes({ evaluation, executions, nodes }: Snapshot): readonly string[] {
  if (evaluation.trigger !== "node-join") return [];
  const connected = new Set(nodes.filter((node) => node.connection === "connected").map((node) => node.id));
  return executions
    .filter(({ desired, observed }) => observed.state === "pending" && desired.state === "running")
    .filter(({ nodeId }) => connected.has(nodeId))
    .map(({ id }) => id);
}
