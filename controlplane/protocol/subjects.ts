/** What edges have to say to the orchestrator. */
type Matter = "handshake" | "heartbeat" | "status" | "inventory";

/** Where one edge says it: nobody else may, so that who speaks is certain. */
export function subjectTo(matter: Matter, nodeId: string): string {
  return `expanso.orchestrator.${matter}.${nodeId}`;
}

/** Where the orchestrator listens for it, from whichever edge. */
export function subjectFromAll(matter: Matter): string {
  return `expanso.orchestrator.${matter}.*`;
}

/** Where one edge listens for what it has to do. */
export function nodeSubject(nodeId: string): string {
  return `expanso.node.${nodeId}.in`;
}

/** Where one edge gets the answers to what it asks: nobody else may listen there. */
export function inboxPrefix(nodeId: string): string {
  return `_INBOX.${nodeId}`;
}

/** All that an edge may say and hear: what is its own. */
export function permissionsOfEdge(nodeId: string): {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
} {
  return {
    publish: (["handshake", "heartbeat", "status", "inventory"] as const).map((matter) =>
      subjectTo(matter, nodeId),
    ),
    subscribe: [nodeSubject(nodeId), `${inboxPrefix(nodeId)}.>`],
  };
}

/** For the orchestrator, which talks to every edge. */
export const ALL_SUBJECTS = { publish: [">"], subscribe: [">"] } as const;
