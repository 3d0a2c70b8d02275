import type { LoggedEvent } from "../../model/event.ts";
import type { Execution } from "../../model/execution.ts";
import type { Log } from "../../ports/log.ts";
import type { EdgeCommand } from "../../protocol/messages.ts";
import type { CreateWatcher, Recovery, Store, StoreReader, Transport, Watcher } from "../contracts.ts";
import { executionFields } from "../log-fields.ts";

/**
 * Sends executions to their nodes. **This is the bug** (seed 002, "Root Cause"): it reads the event log from
 * its newest entry on and keeps no checkpoint, so a restart forgets what was not dispatched yet (L4); and
 * with `none` it skips an event whose message could not be sent (L2, L3). A message that NATS took but
 * nobody got (L1) it cannot even see.
 */
export function createDispatcher(parts: {
  readonly createWatcher: CreateWatcher;
  readonly store: Store;
  readonly transport: Transport;
  readonly recovery: Recovery;
  readonly log: Log;
}): Watcher {
  const { createWatcher, store, transport, recovery, log } = parts;
  const refused = createRefusals();
  if (recovery.retriesRefused) transport.onReady((nodeId) => retryRefused(nodeId));
  return createWatcher({
    name: "dispatcher",
    startAt: "latest",
    checkpoint: "none",
    onFailure: recovery.dispatchFailure,
    filter: isAboutDispatch,
    handle: (event) => {
      if (!isAboutDispatch(event)) return;
      // The event may be old by now: what counts is what the execution is.
      const execution = store.execution(event.executionId);
      const command = execution === undefined ? undefined : commandFor(execution, event, store);
      if (execution === undefined || command === undefined) return;
      const fields = { ...executionFields(store, execution), command: command.kind };
      log.info("DISPATCH: Attempting to send message", fields);
      try {
        transport.publishAsync(execution.nodeId, command, fields);
      } catch (error) {
        if (recovery.dispatchFailure === "skip") {
          log.error("DISPATCH: Failed to send message - EVENT WILL BE SKIPPED", {
            ...fields,
            error: String(error),
          });
          if (event.kind === "execution-redispatch") refused.add(execution);
        } else {
          log.warn("DISPATCH: Failed to send message - event will be retried", {
            ...fields,
            error: String(error),
          });
        }
        throw error;
      }
    },
  });

  function retryRefused(nodeId: string): void {
    const executions = refused.take(nodeId);
    if (executions.length === 0) return;
    store.change((writer) => {
      for (const { id, jobId } of executions) {
        writer.logEvent({ kind: "execution-redispatch", executionId: id, jobId, nodeId });
      }
    });
  }
}

/** Executions whose re-dispatch was refused, by node, until that node can be sent to. */
function createRefusals() {
  const byNode = new Map<string, Map<string, Execution>>();
  return {
    add: (execution: Execution): void => {
      const ofNode = byNode.get(execution.nodeId) ?? new Map<string, Execution>();
      byNode.set(execution.nodeId, ofNode.set(execution.id, execution));
    },
    take: (nodeId: string): Execution[] => {
      const executions = [...(byNode.get(nodeId)?.values() ?? [])];
      byNode.delete(nodeId);
      return executions;
    },
  };
}

type DispatchEvent = Extract<LoggedEvent, { executionId: string }>;

function isAboutDispatch(event: LoggedEvent): event is DispatchEvent {
  if (event.kind === "execution-observed") return event.by === "plan" && event.to === "cancelled";
  return (
    event.kind === "execution-created" ||
    event.kind === "execution-desired" ||
    event.kind === "execution-redispatch"
  );
}

/** What the node has to be told, if anything (spec 1-system, part 6). */
function commandFor(execution: Execution, event: DispatchEvent, store: StoreReader): EdgeCommand | undefined {
  if (event.kind === "execution-redispatch" && event.command !== undefined) {
    return event.command === "run" ? runRequest(execution, store) : stopRequest(execution);
  }
  const { desired, observed } = execution;
  if (observed.state === "pending" && desired.state === "running") return runRequest(execution, store);
  if (observed.state === "running" && desired.state === "stopped") return stopRequest(execution);
  // Cancelled before any report: its request may still be on its way to a paused edge. The same plan also
  // logged that it is no longer desired; one message is enough.
  if (observed.state === "cancelled" && event.kind === "execution-observed") return stopRequest(execution);
  return undefined;
}

function runRequest(execution: Execution, store: StoreReader): EdgeCommand | undefined {
  const spec = store.jobSpec(execution.jobId, execution.jobVersion);
  if (spec === undefined) return undefined;
  return {
    kind: "run_execution",
    execution_id: execution.id,
    job_id: execution.jobId,
    job_name: spec.name,
    job_version: execution.jobVersion,
    pipeline: spec.config,
  };
}

function stopRequest(execution: Execution): EdgeCommand {
  return { kind: "stop_execution", execution_id: execution.id, reason: execution.desired.message };
}
