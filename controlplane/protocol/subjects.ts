/** NATS subjects between edges and the orchestrator. */
export const HANDSHAKE_SUBJECT = "expanso.orchestrator.handshake";
export const HEARTBEAT_SUBJECT = "expanso.orchestrator.heartbeat";
export const STATUS_SUBJECT = "expanso.orchestrator.status";
export const INVENTORY_SUBJECT = "expanso.orchestrator.inventory";

/** Where one edge listens for what it has to do. */
export function nodeSubject(nodeId: string): string {
  return `expanso.node.${nodeId}.in`;
}
