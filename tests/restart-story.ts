import type { Engine, MachineLine } from "../harness/engines/engine.ts";
import type { Condition } from "../harness/scenario/condition.ts";
import { createScenarioContext } from "../harness/scenario/context.ts";
import { hearOf } from "../harness/scenario/hear-of.ts";
import { createRunState, type RunState } from "../harness/scenario/run-state.ts";
import { waitFor } from "../harness/scenario/wait.ts";
import { bundledSystem } from "../harness/systems/bundled/bundled.ts";
import type { JobFile } from "../harness/systems/system.ts";
import { PROFILES, recoveryWindowMs } from "../harness/timing/profile.ts";
import type { ClusterSeen } from "../harness/vocabulary.ts";

/** What was there at one moment: what the orchestrator believes, and what really runs on the edge. */
export interface Moment {
  readonly seen: ClusterSeen;
  readonly running: readonly string[];
}

/**
 * One edge runs one job; then the orchestrator is killed and started again, then the edge, each with its data.
 * Nothing may be forgotten. The same on both engines.
 */
export async function restartStory(
  engine: Engine,
  at: { readonly runId: string; readonly jobFiles: ReadonlyMap<string, JobFile> },
): Promise<{
  readonly before: Moment;
  readonly afterOrchestrator: Moment;
  readonly afterEdge: Moment;
  /** What the pipeline printed after the edge had returned. */
  readonly printed: readonly string[];
}> {
  const timing = PROFILES["fast"]!.timing;
  const shape = { edges: 1, timing, fix: "none" };
  const machines = bundledSystem.machines(shape);
  const { secrets } = bundledSystem;
  await using stack = await engine.openStack({ runId: at.runId, machines, secrets });
  const lines: MachineLine[] = [];
  stack.onLine((line) => lines.push(line));
  const state = createRunState({
    engine,
    system: bundledSystem,
    stack,
    signal: new AbortController().signal,
    timing,
    startedAtMs: engine.clock.nowMs(),
    onEntry: () => {},
    onLine: () => {},
  });
  const { edges, deploy, until } = createScenarioContext(state, {
    edges: ["edge1"],
    shape,
    jobFiles: at.jobFiles,
    windowMs: recoveryWindowMs(timing),
    heartbeatMs: timing.heartbeat,
    onTested: () => {},
  });
  const moment = async (): Promise<Moment> => ({
    seen: await state.look(),
    running: await state.control.runningOn("edge1"),
  });

  await Promise.all(stack.machines().map((machine) => machine.start()));
  await until(edges.areReady());
  await until((await deploy("test-job.yaml")).runsOn(edges));
  const before = await moment();

  const readyAgain = heard(state, "ready", (reading) => state.system.signals.nodeReady(reading));
  await stack.machine("orchestrator").restart({ graceMs: 0 });
  await until(readyAgain);
  const afterOrchestrator = await moment();

  const backAgain = heard(state, "back", (reading) => state.system.signals.handshakeWith(reading));
  const from = lines.length;
  await stack.machine("edge1").restart({ graceMs: 0 });
  await until(backAgain);
  const afterEdge = await moment();
  await waitFor(state, beats(lines, from), 15_000);
  return { before, afterOrchestrator, afterEdge, printed: printedBy(lines.slice(from)) };
}

function heard(state: RunState, what: string, edgeOf: Parameters<typeof hearOf>[2]): Condition {
  const again = hearOf(state, ["edge1"], edgeOf, state.readings.length);
  return {
    what: `edge1 is ${what} again`,
    wakesOn: again.wakesOn,
    look: () => Promise.resolve({ met: again.missing().length === 0, seen: "its log" }),
  };
}

/** Any line that is understood is a reason to see whether the pipeline has printed meanwhile. */
function beats(lines: readonly MachineLine[], from: number): Condition {
  return {
    what: "the pipeline prints",
    wakesOn: () => true,
    look: () => {
      const met = printedBy(lines.slice(from)).length > 0;
      return Promise.resolve({ met, seen: met ? "it does" : "nothing printed" });
    },
  };
}

function printedBy(lines: readonly MachineLine[]): string[] {
  return lines
    .filter((line) => line.machine === "edge1" && line.stream === "stdout")
    .map((line) => line.text);
}
