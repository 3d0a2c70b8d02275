/** NATS subjects between edges and the orchestrator. */
export const HANDSHAKE_SUBJECT = "expanso.orchestrator.handshake";
export const HEARTBEAT_SUBJECT = "expanso.orchestrator.heartbeat";
export const STATUS_SUBJECT = "expanso.orchestrator.status";
export const INVENTORY_SUBJECT = "expanso.orchestrator.inventory";

/** Where one edge listens for what it has to do. */
export function nodeSubject(nodeId: string): string {
  return `expanso.node.${nodeId}.in`;
}

/** Where one edge gets the answers to what it asks: nobody else may listen there. */
export function inboxPrefix(nodeId: string): string {
  return `_INBOX.${nodeId}`;
}

/** All that an edge may say and hear: its own subjects, and those on which the orchestrator takes messages. */
export function permissionsOfEdge(nodeId: string): {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
} {
  return {
    publish: [HANDSHAKE_SUBJECT, HEARTBEAT_SUBJECT, STATUS_SUBJECT, INVENTORY_SUBJECT],
    subscribe: [nodeSubject(nodeId), `${inboxPrefix(nodeId)}.>`],
  };
}

/** For the orchestrator, which talks to every edge. */
export const ALL_SUBJECTS = { publish: [">"], subscribe: [">"] } as const;
