/**
 * The pipeline subset (spec 1-system): the orchestrator refuses with it what the edge could not run, the
 * edge runs what was accepted.
 */
export { checkPipeline } from "./check-pipeline.ts";
export { formatDuration, parseDuration } from "./duration.ts";
export { formatRfc3339 } from "./rfc3339.ts";
export type { PipelinePorts } from "./pipeline-ports.ts";
export type { PipelineProblem } from "./problem.ts";
export { startPipeline, type RunningPipeline } from "./start-pipeline.ts";
