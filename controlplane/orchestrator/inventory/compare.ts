import { isTerminal, readReport, type Execution, type ReportedState } from "../../model/execution.ts";

/** What an edge says it has of one execution. */
export interface Held {
  readonly executionId: string;
  readonly state: ReportedState;
  readonly message: string;
}

/** What has to be done so that edge and orchestrator agree. */
export interface Differences {
  /** The edge knows better: as if its report had arrived. */
  readonly reports: readonly Held[];
  /** Wanted running, and the edge does not have it. */
  readonly run: readonly string[];
  /** Running, and not wanted. */
  readonly stop: readonly string[];
  /** Running, and the orchestrator has never heard of it, or has forgotten it. */
  readonly unknown: readonly string[];
}

/** Compares what an edge has with what it should have. Pure. */
export function compare(held: readonly Held[], wanted: readonly Execution[]): Differences {
  const byId = new Map(wanted.map((execution) => [execution.id, execution]));
  const has = new Set(held.map((entry) => entry.executionId));
  const running = held.filter((entry) => entry.state === "running");
  return {
    reports: held.filter((entry) => {
      const execution = byId.get(entry.executionId);
      return execution !== undefined && readReport(execution, entry.state) === "news";
    }),
    run: wanted
      .filter((execution) => !isTerminal(execution) && execution.desired.state === "running")
      .filter((execution) => !has.has(execution.id))
      .map((execution) => execution.id),
    stop: running
      .filter((entry) => {
        const execution = byId.get(entry.executionId);
        return execution !== undefined && (isTerminal(execution) || execution.desired.state === "stopped");
      })
      .map((entry) => entry.executionId),
    unknown: running.filter((entry) => !byId.has(entry.executionId)).map((entry) => entry.executionId),
  };
}
