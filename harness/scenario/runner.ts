import { checkInvariants, type InvariantFinding } from "../checks/invariants.ts";
import { judge, type Verdict } from "../checks/verdict.ts";
import { findSequences, type SequenceMatch } from "../checks/sequence.ts";
import type { Engine } from "../engines/engine.ts";
import { ElsewhereError, EnvironmentError } from "../errors.ts";
import { ControlError, type JobFile, type System, type SystemControl } from "../systems/system.ts";
import type { Entry } from "../timeline/entry.ts";
import type { TimelineRecorder } from "../timeline/timeline.ts";
import { recoveryWindowMs, type Timing } from "../timing/profile.ts";
import type { AvoidRule } from "../vocabulary.ts";
import { driveOn } from "./claim.ts";
import { createScenarioContext } from "./context.ts";
import { list } from "../text/list.ts";
import type { Condition } from "./condition.ts";
import { MachineFell, unlessOneFalls } from "./fallen.ts";
import type { Scenario } from "./define.ts";
import { RunAborted } from "./run-aborted.ts";
import { writeMemo } from "../standing/memo.ts";
import { prove, proveAnew, type NoProof, type Proof } from "./prove.ts";
import { ofKind } from "../timeline/timeline.ts";
import { createRunState, type RunState } from "./run-state.ts";
import { serves } from "./serving.ts";
import { settle } from "./settle.ts";
import { startMachines } from "./start.ts";

export interface RunRequest {
  readonly runId: string;
  readonly scenario: Scenario;
  readonly engine: Engine;
  readonly system: System;
  /** With the scenario's own knobs in it. */
  readonly timing: Timing;
  readonly fix: string;
  /** The system's own default unless told. */
  readonly avoid?: AvoidRule | undefined;
  readonly edges: number;
  readonly jobFiles: ReadonlyMap<string, JobFile>;
  /** In a simulation, how long a stuck cluster is watched further, in virtual milliseconds; 0: not at all. */
  readonly driveOnMs: number;
  /** Leaves the machines as they are at the end. */
  readonly keep: boolean;
  /** Whether a loss is proven by doing by hand what was lost; it changes the cluster. Not unless told. */
  readonly prove?: boolean;
  readonly signal: AbortSignal;
  readonly onEntry: (entry: Entry) => void;
  readonly onLine: (machine: string, text: string) => void;
  /** While a stuck cluster is watched further: one more of its own hours has begun. */
  readonly onHour?: (hour: number) => void;
}

export interface RunOutcome {
  readonly verdict: Verdict;
  readonly invariants: readonly InvariantFinding[];
  readonly timeline: readonly Entry[];
  readonly sequences: readonly SequenceMatch[];
  /** Of a loss that was named, if it was asked for. */
  readonly proof?: Proof | NoProof | undefined;
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
  const { edges: edgeCount, timing, fix, avoid } = request;
  const shape = { edges: edgeCount, timing, fix, ...(avoid && { avoid }) };
  const stack = await engine.openStack({
    runId: request.runId,
    machines: system.machines(shape),
    secrets: system.secrets,
    memo: writeMemo({ system: system.name, shape }),
  });
  let judged: Omit<RunOutcome, "wallMs">;
  let recorder: TimelineRecorder;
  {
    let leave: SystemControl["leave"];
    // By `using`, so that a clean-up that fails as well does not hide what failed first; the last that is said here comes first.
    await using _left = { [Symbol.asyncDispose]: async () => await leave?.(engine.clock) };
    await using _cleanUp = {
      [Symbol.asyncDispose]: async () => {
        // Only now, at the end: a harness that is killed before has kept nothing.
        if (request.keep && !signal.aborted) await stack.keep?.();
        else await stack[Symbol.asyncDispose]();
      },
    };
    const state = createRunState({
      engine,
      system,
      stack,
      signal,
      timing: request.timing,
      startedAtMs: engine.clock.nowMs(),
      onEntry: request.onEntry,
      onLine: request.onLine,
    });
    leave = state.control.leave;
    let setupMs = 0;
    let stuck: Condition | undefined;
    let tested: { readonly verdictMs: number; readonly virtualMs: number } | undefined;
    const context = createScenarioContext(state, {
      edges: Array.from({ length: request.edges }, (_, index) => `edge${index + 1}`),
      shape,
      jobFiles: request.jobFiles,
      windowMs: recoveryWindowMs(request.timing),
      heartbeatMs: request.timing.heartbeat,
      onTested: (condition) => {
        tested = { verdictMs: since(), virtualMs: state.nowMs() };
        stuck ??= condition;
      },
    });
    const failure = await failureOf(state, async () => {
      await state.control.begin?.(scenario.jobs.flatMap((name) => request.jobFiles.get(name) ?? []));
      const edges = new Set(scenario.edgesStart === "later" ? context.edges.names : []);
      const machines = stack.machines().filter((machine) => !edges.has(machine.name));
      const names = machines.map((machine) => machine.name);
      state.record({
        kind: "step",
        verb: "start",
        subject: list(names),
        act: { do: "start", machines: names },
      });
      await startMachines(machines, system);
      const ready = context.until(edges.size > 0 ? serves(state, 0) : context.edges.areReady());
      await orNotLetIn(state, unlessOneFalls(state, ready));
      setupMs = since();
      await scenario.run(context);
      await settle(state, recoveryWindowMs(request.timing));
      // A held verdict comes only with the invariants.
      if (ofKind(state.timeline.entries(), "claim").every((claim) => claim.held)) tested = undefined;
      // Only now: what 24 hours heal, or wear out, is no part of the run.
      if (engine.name === "sim" && stuck !== undefined && request.driveOnMs > 0)
        await driveOn(state, stuck, request.driveOnMs, request.onHour);
    });
    const timeline = state.timeline.entries();
    const invariants = checkInvariants(timeline, system, exceptionsOf(scenario, avoid));
    const verdict = judge(timeline, failure, system, invariants);
    judged = {
      verdict,
      invariants,
      timeline,
      sequences: findSequences(timeline, system.sequences),
      setupMs,
      verdictMs: since(),
      virtualMs: state.nowMs(),
      // What followed a claim that was not met is no part of the way to the verdict.
      ...tested,
    };
    if (request.prove === true) {
      const why = await failureOf(state, async () => {
        const at = { verdict, claim: stuck, windowMs: recoveryWindowMs(request.timing), keep: request.keep };
        judged = { ...judged, proof: await prove(state, at) };
      });
      if (why !== undefined) judged = { ...judged, proof: { why } };
    }
    recorder = state.timeline;
  }
  if (request.prove === true) {
    const runAgain = () =>
      runScenario({ ...request, driveOnMs: 0, onEntry: () => {}, onLine: () => {}, onHour: () => {} });
    judged = { ...judged, proof: await proveAnew(judged, recorder, runAgain) };
  }
  // What arrived since is in its place only now.
  return { ...judged, timeline: recorder.entries(), wallMs: since() };
}

/** Where an orchestrator is elsewhere, edges that do not come up have not found it: nothing here can be mended. */
async function orNotLetIn({ system: { remote } }: RunState, ready: Promise<void>): Promise<void> {
  try {
    await ready;
  } catch (cause) {
    if (remote === undefined || !(cause instanceof RunAborted)) throw cause;
    const wanted = "edges of this machine in the cloud";
    throw new ElsewhereError({ wanted, seen: cause.message, mend: remote.mend, cause });
  }
}

function exceptionsOf({ excepts, ifSameJobAvoided }: Scenario, avoid: AvoidRule | undefined) {
  return avoid === "same-job" ? { ...excepts, ...ifSameJobAvoided?.excepts } : excepts;
}

/** Wall-clock milliseconds since now; by the one clock that a simulation leaves alone. */
function stopwatch(): () => number {
  const startedAt = process.hrtime.bigint();
  return () => Math.round(Number(process.hrtime.bigint() - startedAt) / 1e6);
}

/** Why the run ended before its claim was put to the test, if it did. What is nobody's fault but ours is thrown. */
async function failureOf(state: RunState, work: () => Promise<void>): Promise<string | undefined> {
  const { signal, stack } = state;
  signal.throwIfAborted();
  // Ends the wait for a verb that does not look at the signal itself.
  const interrupted = Promise.withResolvers<never>();
  const interrupt = () => interrupted.reject(signal.reason);
  signal.addEventListener("abort", interrupt, { once: true });
  try {
    const ends = [interrupted.promise, state.turnedAway, ...(stack.failed ? [stack.failed] : [])];
    await Promise.race([work(), ...ends]);
    return undefined;
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof EnvironmentError && mayBeTheEngine(error)) await throwIfEngineGoes(state);
    const errors = partsOf(error);
    const [grave, ...more] = errors.filter((part) => !isCutShort(part));
    if (grave === undefined) return errors.map((part) => (part as Error).message).join("; then ");
    throw more.length === 0 ? grave : error;
  } finally {
    signal.removeEventListener("abort", interrupt);
  }
}

/** Everything that the engine refuses may be; a program that gives up has its own reasons. */
function mayBeTheEngine(error: EnvironmentError): boolean {
  if (error instanceof ElsewhereError) return false;
  return !(error instanceof MachineFell) || error.mayBeTheEngine;
}

/** So long after it refused something it has gone, if that was why. */
const LEAVING_MS = 5_000;

/** An engine on its way out refuses this and that before it has gone: what is to be told is that it goes. */
async function throwIfEngineGoes({ stack, engine }: RunState): Promise<void> {
  if (stack.failed === undefined) return;
  const { promise: stays, resolve } = Promise.withResolvers<void>();
  const limit = engine.clock.after(LEAVING_MS, resolve);
  try {
    await Promise.race([stack.failed, stays]);
  } finally {
    limit.cancel();
  }
}

/** A verb may fail, and then the healing of a fault as well: what failed first comes first. */
function partsOf(error: unknown): unknown[] {
  return error instanceof SuppressedError ? [...partsOf(error.suppressed), ...partsOf(error.error)] : [error];
}

/** The run could not tell, and that is all. */
function isCutShort(error: unknown): boolean {
  return error instanceof RunAborted || error instanceof ControlError;
}
