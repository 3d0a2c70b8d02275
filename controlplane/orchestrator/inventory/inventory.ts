import type { Bus, BusMessage, BusSubscription } from "../../ports/bus.ts";
import type { Log } from "../../ports/log.ts";
import { digestOf } from "../../protocol/digest.ts";
import { decodeFromEdge, inventory, type Inventory } from "../../protocol/messages.ts";
import { subjectFromAll } from "../../protocol/subjects.ts";
import type { InventoryDesk, Store, Transport } from "../contracts.ts";
import { nodeFields } from "../log-fields.ts";
import { compare } from "./compare.ts";

/**
 * Takes what edges tell of all their executions, and has the difference made good: reports are applied, what is
 * missing or unwanted is dispatched. Compared once the data plane is up, because only then can anything be sent.
 */
export function createInventoryDesk(parts: {
  readonly bus: Bus;
  readonly log: Log;
  readonly store: Store;
  readonly transport: Transport;
}): InventoryDesk {
  const { bus, log, store, transport } = parts;
  const waiting = new Map<string, Inventory>();
  let subscription: BusSubscription | undefined;

  return {
    start: () => {
      subscription = bus.subscribe(subjectFromAll("inventory"), receive);
      transport.onReady((nodeId) => {
        const told = waiting.get(nodeId);
        waiting.delete(nodeId);
        if (told !== undefined) settle(told);
      });
    },
    stop: () => subscription?.unsubscribe(),
    digestFor: (nodeId) =>
      digestOf(
        store
          .executions({ nodeId })
          .filter(({ desired }) => desired.state === "running")
          .flatMap(({ id, observed: { state } }) =>
            state === "pending" || state === "running" ? [{ executionId: id, state }] : [],
          ),
      ),
  };

  function receive(message: BusMessage): void {
    const told = decodeFromEdge(inventory, message);
    if (!told.ok) {
      log.warn("INVENTORY: Malformed inventory ignored", { problem: told.problem });
      return;
    }
    message.respond("{}");
    const { node_id: nodeId } = told.value;
    const dataPlane = transport.dataPlane(nodeId);
    if (dataPlane === "ready") settle(told.value);
    // The newest one counts. Of a node that has not shaken hands nothing is kept: it may never do so.
    else if (dataPlane === "setting-up") waiting.set(nodeId, told.value);
  }

  function settle(told: Inventory): void {
    const nodeId = told.node_id;
    const held = told.executions.map(({ execution_id: executionId, ...entry }) => ({
      executionId,
      ...entry,
    }));
    const { reports, run, stop, unknown } = compare(held, store.executions({ nodeId }));
    log.info("INVENTORY: Compared", {
      ...nodeFields(store, nodeId),
      reports: reports.length,
      run: run.length,
      stop: stop.length + unknown.length,
    });
    store.change((writer) => {
      for (const { executionId, state, message } of reports) {
        writer.setExecution(executionId, { observed: { state, message }, by: "edge" });
      }
      for (const [command, ids] of [
        ["run", run],
        ["stop", stop],
      ] as const) {
        for (const executionId of ids) {
          const execution = writer.execution(executionId);
          if (execution === undefined) continue;
          writer.logEvent({
            kind: "execution-redispatch",
            executionId,
            jobId: execution.jobId,
            nodeId,
            command,
          });
        }
      }
    });
    for (const executionId of unknown) {
      transport.publishAsync(
        nodeId,
        { kind: "stop_execution", execution_id: executionId, reason: "the orchestrator does not know it" },
        { ...nodeFields(store, nodeId), execution_id: executionId, command: "stop_execution" },
      );
    }
  }
}
