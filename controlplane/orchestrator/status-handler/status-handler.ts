import { readReport } from "../../model/execution.ts";
import type { Bus, BusSubscription } from "../../ports/bus.ts";
import type { Log } from "../../ports/log.ts";
import { decodeFromEdge, statusReport, type StatusReport } from "../../protocol/messages.ts";
import { subjectFromAll } from "../../protocol/subjects.ts";
import type { Store } from "../contracts.ts";
import { executionFields } from "../log-fields.ts";

/** Takes what edges report of their executions into the store. A report that nobody heard is lost (L5). */
export function createStatusHandler(parts: { readonly bus: Bus; readonly log: Log; readonly store: Store }): {
  start(): void;
  stop(): void;
} {
  const { bus, log, store } = parts;
  let subscription: BusSubscription | undefined;
  return {
    start: () => {
      subscription = bus.subscribe(subjectFromAll("status"), (message) => {
        const report = decodeFromEdge(statusReport, message);
        if (report.ok) take(report.value);
        else log.warn("STATUS: Malformed report ignored", { problem: report.problem });
      });
    },
    stop: () => subscription?.unsubscribe(),
  };

  function take(report: StatusReport): void {
    const execution = store.execution(report.execution_id);
    if (execution === undefined || execution.nodeId !== report.node_id) {
      log.warn("STATUS: Report of an unknown execution ignored", {
        execution_id: report.execution_id,
        node_id: report.node_id,
      });
      return;
    }
    const fields = { ...executionFields(store, execution), from: execution.observed.state, to: report.state };
    switch (readReport(execution, report.state)) {
      case "news":
        store.change((writer) =>
          writer.setExecution(execution.id, {
            observed: { state: report.state, message: report.message },
            by: "edge",
          }),
        );
        return log.info("STATUS: Execution state changed", fields);
      case "repeat":
        return log.debug("STATUS: Report repeats what is known", fields);
      case "late":
        return log.info("STATUS: Report came too late and is ignored", fields);
      case "illegal":
        return log.error("STORE: Illegal state move refused", {
          ...fields,
          what: `observed state of ${execution.id}`,
        });
    }
  }
}
