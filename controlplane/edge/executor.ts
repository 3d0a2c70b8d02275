import { checkPipeline, startPipeline, type PipelinePorts, type RunningPipeline } from "../pipeline/index.ts";
import type { Log } from "../ports/log.ts";
import {
  LONGEST_MESSAGE,
  type EdgeCommand,
  type Inventory,
  type RunExecutionRequest,
  type StatusReport,
  type StopExecutionRequest,
} from "../protocol/messages.ts";
import type { ExecutionRecord, ExecutionRecords } from "./execution-records.ts";

/** What runs on this edge right now, whatever anybody believes. */
export interface RunningExecution {
  readonly execution_id: string;
  readonly job_id: string;
  readonly job_name: string;
  readonly job_version: number;
  readonly state: "running";
}

export interface Executor {
  /** Starts again what was accepted or running when the edge went down. */
  resume(): void;
  handle(command: EdgeCommand): void;
  running(): RunningExecution[];
  /** Everything that is known here, ended or not. */
  inventory(): Inventory["executions"];
  /** What has not ended, as the orchestrator should see it. */
  live(): { readonly executionId: string; readonly state: "running" }[];
  stopAll(): void;
}

/**
 * Runs executions. Requests are idempotent by execution id: a repeated one is answered with the state that
 * is known, so that re-sending never starts a pipeline twice (spec 1-system, "An edge").
 */
export function createExecutor(
  parts: PipelinePorts & {
    readonly records: ExecutionRecords;
    readonly log: Log;
    readonly report: (report: Omit<StatusReport, "node_id">) => void;
  },
): Executor {
  const { records, log, report } = parts;
  const pipelines = new Map<string, RunningPipeline>();

  return {
    resume: () => {
      for (const record of records.all()) {
        if (record.state !== "accepted" && record.state !== "running") continue;
        log.info("EDGE: Resuming execution", about(record));
        start(record);
      }
    },
    handle: (command) => (command.kind === "run_execution" ? run(command) : stop(command)),
    running: () =>
      records
        .all()
        .filter((record) => pipelines.has(record.execution_id))
        .map((record) => ({
          execution_id: record.execution_id,
          job_id: record.job?.id ?? "",
          job_name: record.job?.name ?? "",
          job_version: record.job?.version ?? 0,
          state: "running",
        })),
    inventory: () => records.all().map(reportOf),
    live: () =>
      records
        .all()
        .filter((record) => record.state === "accepted" || record.state === "running")
        .map((record) => ({ executionId: record.execution_id, state: "running" })),
    stopAll: () => {
      for (const pipeline of pipelines.values()) pipeline.stop();
      pipelines.clear();
    },
  };

  function run(request: RunExecutionRequest): void {
    log.info("EDGE: Received RunExecutionRequest", {
      execution_id: request.execution_id,
      job: request.job_name,
      job_id: request.job_id,
    });
    const known = records.get(request.execution_id);
    if (known !== undefined) {
      log.info("EDGE: Execution is known already", about(known));
      tell(known);
      return;
    }
    const record: ExecutionRecord = {
      execution_id: request.execution_id,
      job: { id: request.job_id, name: request.job_name, version: request.job_version },
      pipeline: request.pipeline,
      state: "accepted",
      message: "accepted",
    };
    records.put(record);
    start(record);
  }

  function start(record: ExecutionRecord): void {
    const checked = checkPipeline(record.pipeline);
    if (!checked.ok) {
      move(record, "failed", `this edge cannot run the pipeline: ${checked.problems[0]?.message ?? ""}`);
      return;
    }
    const id = record.execution_id;
    const end = (state: "completed" | "failed", message: string) => {
      pipelines.delete(id);
      move(records.get(id) ?? record, state, message);
    };
    pipelines.set(
      id,
      startPipeline(parts, checked.pipeline, {
        finished: () => end("completed", "the input has come to its end"),
        failed: (message) => end("failed", message),
      }),
    );
    // A resumed one was reported before it went down; nobody needs to hear it again.
    if (record.state === "accepted") move(record, "running", "the pipeline runs");
  }

  function stop(request: StopExecutionRequest): void {
    const known = records.get(request.execution_id);
    log.info("EDGE: Received StopExecutionRequest", {
      execution_id: request.execution_id,
      job: known?.job?.name,
      reason: request.reason,
    });
    if (known === undefined) {
      // Remembered, so that a request that comes late does not start it.
      const record: ExecutionRecord = {
        execution_id: request.execution_id,
        pipeline: null,
        state: "stopped",
        message: "stopped before it was seen",
      };
      records.put(record);
      tell(record);
      return;
    }
    const pipeline = pipelines.get(request.execution_id);
    if (pipeline === undefined) {
      tell(known);
      return;
    }
    pipeline.stop();
    pipelines.delete(request.execution_id);
    move(known, "stopped", request.reason);
  }

  function move(
    record: ExecutionRecord,
    state: "running" | "completed" | "failed" | "stopped",
    message: string,
  ): void {
    const moved = { ...record, state, message };
    records.put(moved);
    log.info("EDGE: Execution state changed", {
      ...about(moved),
      from: record.state,
      to: state,
      why: message,
    });
    tell(moved);
  }

  function tell(record: ExecutionRecord): void {
    report(reportOf(record));
  }
}

function reportOf({ execution_id, state, message }: ExecutionRecord): Omit<StatusReport, "node_id"> {
  return {
    execution_id,
    state: state === "accepted" ? "running" : state,
    // A pipeline may fail over a document of any size.
    message: message.slice(0, LONGEST_MESSAGE),
  };
}

function about(record: ExecutionRecord) {
  return {
    execution_id: record.execution_id,
    job: record.job?.name,
    job_id: record.job?.id,
    state: record.state,
  };
}
