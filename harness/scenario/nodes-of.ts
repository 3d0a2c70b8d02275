import type { NodeSeen } from "../vocabulary.ts";
import type { RunState } from "./run-state.ts";

/**
 * The node that each edge is now, by the edge's name. After an edge came back under a new id the orchestrator
 * lists two nodes of one name (seed 000, cloud): the handshake tells which of them is alive.
 */
export function nodesOf(
  nodes: readonly NodeSeen[],
  { identitiesOf }: Pick<RunState, "identitiesOf">,
): ReadonlyMap<string, NodeSeen> {
  const byName = new Map<string, NodeSeen>();
  for (const node of nodes) {
    const current = identitiesOf(node.name).at(-1);
    // A build that logs no handshake leaves the name alone to go by.
    if (current === undefined || current === node.id) byName.set(node.name, node);
  }
  return byName;
}
