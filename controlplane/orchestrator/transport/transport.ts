import type { Bus } from "../../ports/bus.ts";
import type { Clock, Timer } from "../../ports/clock.ts";
import type { Log, LogFields } from "../../ports/log.ts";
import type { EdgeCommand } from "../../protocol/messages.ts";
import { nodeSubject } from "../../protocol/subjects.ts";
import { NodeNotConnectedError, type Transport } from "../contracts.ts";

/** Where the bug is that makes a refused publish a lost message; printed where seed 002 prints it. */
const ROOT_CAUSE = "controlplane/orchestrator/dispatcher/dispatcher.ts reads events with onFailure=skip";
const ISSUE = "github.com/expanso-io/expanso/issues/395";

interface DataPlane {
  ready: boolean;
  readonly setUp: Timer;
}

/**
 * The orchestrator's connections to its nodes. A data plane belongs to the orchestrator's memory: it is set
 * up after a handshake, survives a reconnect to NATS, and says nothing about whether anybody listens.
 */
export function createTransport(
  ports: { readonly bus: Bus; readonly clock: Clock; readonly log: Log },
  settings: { readonly dataPlaneSetupMs: number },
): Transport {
  const { bus, clock, log } = ports;
  const planes = new Map<string, DataPlane>();
  const listeners: ((nodeId: string) => void)[] = [];

  return {
    openDataPlane: (node) => {
      if (planes.has(node.id)) return;
      const plane: DataPlane = {
        ready: false,
        setUp: clock.after(settings.dataPlaneSetupMs, () => {
          plane.ready = true;
          log.info("TRANSPORT: Data plane ready", { node_id: node.id, node_name: node.name });
          for (const listener of listeners) listener(node.id);
        }),
      };
      planes.set(node.id, plane);
    },
    closeDataPlane: (nodeId) => {
      const plane = planes.get(nodeId);
      if (plane === undefined) return;
      plane.setUp.cancel();
      planes.delete(nodeId);
    },
    dataPlane: (nodeId) => {
      const plane = planes.get(nodeId);
      if (plane === undefined) return "none";
      return plane.ready ? "ready" : "setting-up";
    },
    onReady: (listener) => {
      listeners.push(listener);
    },
    publishAsync: (nodeId, command, fields) => {
      const plane = planes.get(nodeId);
      if (plane?.ready !== true) {
        refuse(nodeId, { ...fields, connection_exists: plane !== undefined, connection_alive: false });
      }
      log.info("PUBLISH: connection_exists=true connection_alive=true", fields);
      publish(nodeId, command);
    },
  };

  function refuse(nodeId: string, fields: LogFields): never {
    log.warn("PUBLISH: Node not connected - message will be LOST", {
      ...fields,
      root_cause: ROOT_CAUSE,
      issue: ISSUE,
    });
    log.warn("PUBLISH: Node not connected - returning ErrNodeNotConnected", fields);
    throw new NodeNotConnectedError(nodeId);
  }

  /** Core NATS takes it in any case: this line returning says nothing about delivery (loss L1). */
  function publish(nodeId: string, command: EdgeCommand): void {
    bus.publish(nodeSubject(nodeId), JSON.stringify(command));
  }
}
