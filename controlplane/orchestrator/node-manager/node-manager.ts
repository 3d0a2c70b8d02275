import type { EdgeNode } from "../../model/node.ts";
import type { Bus, BusMessage, BusSubscription } from "../../ports/bus.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import {
  decodeFromEdge,
  handshakeRequest,
  heartbeatRequest,
  type HandshakeRequest,
  type HandshakeResponse,
  type HeartbeatResponse,
} from "../../protocol/messages.ts";
import { subjectFromAll } from "../../protocol/subjects.ts";
import type { InventoryDesk, NodePresence, Recovery, Store, Transport } from "../contracts.ts";

export interface NodeManager extends NodePresence {
  start(): void;
  stop(): void;
  /** Moves silent nodes on: connected → disconnected → lost. Called by housekeeping. */
  checkTimeouts(): void;
}

/**
 * Knows which nodes are there. Handshake: the node is `connected` in the state at once, and is answered; its
 * data plane is ready only `dataPlaneSetup` later. Between the two lies loss L3.
 */
export function createNodeManager(
  parts: {
    readonly bus: Bus;
    readonly clock: Clock;
    readonly log: Log;
    readonly store: Store;
    readonly transport: Transport;
    readonly recovery: Recovery;
    readonly inventory: Pick<InventoryDesk, "digestFor">;
  },
  settings: {
    readonly heartbeatMs: number;
    readonly resyncIntervalMs: number;
    readonly disconnectTimeoutMs: number;
    readonly lostTimeoutMs: number;
  },
): NodeManager {
  const { bus, clock, log, store, transport, recovery, inventory } = parts;
  const lastHeard = new Map<string, number>();
  let startedAtMs = 0;
  let subscriptions: BusSubscription[] = [];

  return {
    lastHeardMs: (nodeId) => lastHeard.get(nodeId),
    start: () => {
      // After a restart nobody was heard of yet: every timeout counts from here (spec 1-system, part 8).
      startedAtMs = clock.nowMs();
      subscriptions = [
        bus.subscribe(subjectFromAll("handshake"), (message) => answerHandshake(message)),
        bus.subscribe(subjectFromAll("heartbeat"), (message) => answerHeartbeat(message)),
      ];
    },
    stop: () => {
      for (const subscription of subscriptions) subscription.unsubscribe();
    },
    checkTimeouts: () => {
      for (const node of store.nodes()) checkTimeout(node);
    },
  };

  function answerHandshake(message: BusMessage): void {
    const request = decodeFromEdge(handshakeRequest, message);
    if (!request.ok) {
      log.warn("HANDSHAKE: Malformed request refused", { problem: request.problem });
      answer(message, { accepted: false, reason: `malformed handshake: ${request.problem}` });
      return;
    }
    const { node_id: nodeId, name } = request.value;
    if (store.node(nodeId)?.connection === "deleted") {
      log.warn("HANDSHAKE: Refused, the node was deleted", { node_id: nodeId, node_name: name });
      answer(message, {
        accepted: false,
        reason: "this node was deleted; bootstrap it again to get a new id",
      });
      return;
    }
    const node = admit(request.value);
    if (recovery.supersedes) retireOldIdsOf(node);
    answer(message, {
      accepted: true,
      heartbeat_ms: settings.heartbeatMs,
      tell_inventory: recovery.comparesOnHandshake,
      digest_every_ms: recovery.comparesDigests ? settings.resyncIntervalMs : 0,
    });
    transport.openDataPlane(node);
  }

  function admit(request: HandshakeRequest): EdgeNode {
    const known = store.node(request.node_id);
    lastHeard.set(request.node_id, clock.nowMs());
    const node = store.change((writer) =>
      writer.putNode({
        id: request.node_id,
        name: request.name,
        hostname: request.hostname,
        os: request.os,
        arch: request.arch,
        agentVersion: request.agent_version,
        labels: request.labels,
        connection: "connected",
        message: "handshake completed",
        connectedSinceMs: known?.connection === "connected" ? known.connectedSinceMs : clock.nowMs(),
      }),
    );
    log.info("HANDSHAKE: Node handshake completed", {
      node_id: node.id,
      node_name: node.name,
      previous_state: known?.connection ?? "new",
      data_plane: transport.dataPlane(node.id),
    });
    return node;
  }

  function answerHeartbeat(message: BusMessage): void {
    const request = decodeFromEdge(heartbeatRequest, message);
    if (!request.ok) {
      log.warn("HEARTBEAT: Malformed request ignored", { problem: request.problem });
      return;
    }
    const node = store.node(request.value.node_id);
    const known = node?.connection === "connected" && transport.dataPlane(node.id) !== "none";
    if (known) lastHeard.set(node.id, clock.nowMs());
    else log.info("HEARTBEAT: Handshake required", { node_id: request.value.node_id, node_name: node?.name });
    const { digest } = request.value;
    const differs = known && digest !== undefined && digest !== inventory.digestFor(node.id);
    const response: HeartbeatResponse = { handshake_required: !known, tell_inventory: differs };
    message.respond(JSON.stringify(response));
  }

  /** A machine that returned under a new id is not waited for under its old one. */
  function retireOldIdsOf(node: EdgeNode): void {
    for (const other of store.nodes()) {
      if (other.name !== node.name || other.id === node.id || other.connection === "deleted") continue;
      move(other, "deleted", `superseded by ${node.id}`);
      transport.closeDataPlane(other.id);
    }
  }

  function checkTimeout(node: EdgeNode): void {
    const now = clock.nowMs();
    if (node.connection === "connected") {
      const silentMs = now - (lastHeard.get(node.id) ?? startedAtMs);
      if (silentMs < settings.disconnectTimeoutMs) return;
      move(node, "disconnected", `no heartbeat for ${silentMs} ms`);
      transport.closeDataPlane(node.id);
    } else if (node.connection === "disconnected") {
      // A node that only registered has not been there yet, so it cannot be missed.
      if (node.disconnectedSinceMs === undefined) return;
      const awayMs = now - Math.max(node.disconnectedSinceMs, startedAtMs);
      if (awayMs < settings.lostTimeoutMs) return;
      move(node, "lost", `disconnected for ${awayMs} ms`);
    }
  }

  function move(node: EdgeNode, to: "disconnected" | "lost" | "deleted", why: string): void {
    const { createdAtMs: _, updatedAtMs: __, revision: ___, ...draft } = node;
    store.change((writer) =>
      writer.putNode({
        ...draft,
        connection: to,
        message: why,
        connectedSinceMs: undefined,
        disconnectedSinceMs: to === "disconnected" ? clock.nowMs() : node.disconnectedSinceMs,
      }),
    );
    // The word `leave` is what seed 002 greps for.
    const fields = { node_id: node.id, node_name: node.name, why };
    if (to === "disconnected") log.warn("NODE: leave - marked disconnected", fields);
    else if (to === "lost") log.warn("NODE: leave - marked lost", fields);
    else log.warn("NODE: leave - marked deleted", fields);
  }
}

function answer(message: BusMessage, response: HandshakeResponse): void {
  message.respond(JSON.stringify(response));
}
