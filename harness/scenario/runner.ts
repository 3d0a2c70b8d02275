import { judge, type Verdict } from "../checks/verdict.ts";
import { findSequences, type SequenceMatch } from "../checks/sequence.ts";
import { EnvironmentError } from "../errors.ts";
import type { Engine } from "../engines/engine.ts";
import { ControlError, type JobFile, type System } from "../systems/system.ts";
import type { Entry } from "../timeline/entry.ts";
import { recoveryWindowMs, type Timing } from "../timing/profile.ts";
import { createScenarioContext } from "./context.ts";
import type { Scenario } from "./define.ts";
import { RunAborted } from "./run-aborted.ts";
import { createRunState, type RunState } from "./run-state.ts";

export interface RunRequest {
  readonly runId: string;
  readonly scenario: Scenario;
  readonly engine: Engine;
  readonly system: System;
  /** With the scenario's own knobs in it. */
  readonly timing: Timing;
  readonly fix: string;
  readonly edges: number;
  readonly jobFiles: ReadonlyMap<string, JobFile>;
  /** Leaves the machines as they are at the end. */
  readonly keep: boolean;
  readonly signal: AbortSignal;
  readonly onEntry: (entry: Entry) => void;
  readonly onLine: (machine: string, text: string) => void;
}

export interface RunOutcome {
  readonly verdict: Verdict;
  readonly timeline: readonly Entry[];
  readonly sequences: readonly SequenceMatch[];
  /** Wall clock, milliseconds: start to cluster ready, to verdict, to the end of the clean-up. */
  readonly setupMs: number;
  readonly verdictMs: number;
  readonly wallMs: number;
  /** The cluster's own time at the verdict, milliseconds since its start. */
  readonly virtualMs: number;
}

/**
 * Runs one scenario on one engine, judges it from its record, and removes what it started.
 * @throws the signal's reason when interrupted, EnvironmentError when the engine fails, and whatever is a
 * defect of the harness itself; the machines are removed in each case.
 */
export async function runScenario(request: RunRequest): Promise<RunOutcome> {
  const { engine, system, scenario, signal } = request;
  const since = stopwatch();
  const shape = { edges: request.edges, timing: request.timing, fix: request.fix };
  const stack = await engine.openStack({ runId: request.runId, machines: system.machines(shape) });
  let judged: Omit<RunOutcome, "wallMs">;
  try {
    const state = createRunState({
      engine,
      system,
      stack,
      signal,
      startedAtMs: engine.clock.nowMs(),
      onEntry: request.onEntry,
      onLine: request.onLine,
    });
    const context = createScenarioContext(state, {
      edges: Array.from({ length: request.edges }, (_, index) => `edge${index + 1}`),
      jobFiles: request.jobFiles,
      windowMs: recoveryWindowMs(request.timing),
      heartbeatMs: request.timing.heartbeat,
    });
    let setupMs = 0;
    const failure = await failureOf(state, async () => {
      state.record({
        kind: "step",
        verb: "start",
        subject: stack
          .machines()
          .map((machine) => machine.name)
          .join(", "),
      });
      await Promise.all(stack.machines().map((machine) => machine.start()));
      await context.until(context.edges.areReady());
      setupMs = since();
      await scenario.run(context);
    });
    const timeline = state.timeline.entries();
    judged = {
      verdict: judge(timeline, failure, system),
      timeline,
      sequences: findSequences(timeline, system.sequences),
      setupMs,
      verdictMs: since(),
      virtualMs: state.nowMs(),
    };
  } finally {
    if (!request.keep || signal.aborted) await stack[Symbol.asyncDispose]();
  }
  return { ...judged, wallMs: since() };
}

/** Wall-clock milliseconds since now; by the one clock that a simulation leaves alone. */
function stopwatch(): () => number {
  const startedAt = process.hrtime.bigint();
  return () => Math.round(Number(process.hrtime.bigint() - startedAt) / 1e6);
}

/** Why the run ended before its claim was put to the test, if it did. What is nobody's fault but ours is thrown. */
async function failureOf(state: RunState, work: () => Promise<void>): Promise<string | undefined> {
  try {
    await Promise.race([work(), rejection(state.signal), ...(state.stack.failed ? [state.stack.failed] : [])]);
    return undefined;
  } catch (error) {
    if (state.signal.aborted) throw state.signal.reason;
    if (error instanceof EnvironmentError) throw error;
    if (error instanceof RunAborted || error instanceof ControlError) return error.message;
    throw error;
  }
}

/** Ends the wait for a verb that does not look at the signal itself. */
function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
