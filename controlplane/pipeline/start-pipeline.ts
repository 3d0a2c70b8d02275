import type { Timer } from "../ports/clock.ts";
import { compileMapping } from "./bloblang/compile-mapping.ts";
import type { CheckedPipeline } from "./checked-pipeline.ts";
import { openOutput } from "./open-output.ts";
import type { PipelinePorts } from "./pipeline-ports.ts";

/** How a pipeline tells of its end: at most one of the two, once, and nothing after `stop`. */
export interface PipelineListener {
  /** All `count` messages are through. */
  finished(): void;
  /** A message could not be mapped or written; `message` says where and why. */
  failed(message: string): void;
}

export interface RunningPipeline {
  /** Ends the pipeline; nothing is written afterwards. Idempotent. */
  stop(): void;
}

/**
 * An endless pipeline without interval makes this many messages a millisecond. Without such a limit,
 * virtual time would stand still in it for ever; on a real clock it is no limit to speak of.
 */
const BURST = 100;

/**
 * Starts a checked pipeline: the first message at once (but after the caller returned), then one each
 * interval, measured from the start, so that delays do not add up. Messages that a pause of the process
 * made impossible are left out, as Benthos's ticker does, not caught up on in a burst.
 *
 * Unlike Benthos, which logs a mapping error and carries on, the first error ends the pipeline: that is
 * what makes an execution `failed`.
 */
export function startPipeline(
  ports: PipelinePorts,
  pipeline: CheckedPipeline,
  on: PipelineListener,
): RunningPipeline {
  const { clock } = ports;
  const { count, intervalMs } = pipeline.generate;
  const processOne = compile(ports, pipeline);
  let processed = 0;
  let dueMs = clock.nowMs();
  let stopped = false;
  let timer: Timer = clock.after(0, tick);

  function tick(): void {
    const failure = attempt(processOne);
    // The output may have led to a stop.
    if (stopped) return;
    processed += 1;
    if (failure !== undefined) end(() => on.failed(failure));
    else if (processed === count) end(() => on.finished());
    else timer = clock.after(delayMs(), tick);
  }

  function delayMs(): number {
    if (intervalMs === 0) return processed % BURST === 0 ? 1 : 0;
    const nowMs = clock.nowMs();
    const missed = Math.max(0, Math.floor((nowMs - dueMs) / intervalMs));
    dueMs += (missed + 1) * intervalMs;
    // The upper bound matters when somebody sets the wall clock back.
    return Math.min(dueMs - nowMs, intervalMs);
  }

  function end(tell: () => void): void {
    stopped = true;
    tell();
  }

  return {
    stop() {
      stopped = true;
      timer.cancel();
    },
  };
}

/** One message from input to output. Its errors name the part of the config that they come from. */
function compile(ports: PipelinePorts, pipeline: CheckedPipeline): () => void {
  // Benthos's counters are the stream's, so the input and all processors count together.
  const stream = { ports, counters: new Map<string, { value: number }>() };
  const generate = compileMapping(pipeline.generate.mapping, stream, "input.generate.mapping");
  const processors = pipeline.processors.map((mapping, index) =>
    compileMapping(mapping, stream, `pipeline.processors[${index}].mapping`),
  );
  const write = openOutput(pipeline.output, ports.host);
  return () => {
    let document = generate(undefined);
    for (const processor of processors) document = processor(document);
    write(document);
  };
}

/** The message of what `work` threw, if it did: one pipeline's trouble must not end the whole edge. */
function attempt(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
