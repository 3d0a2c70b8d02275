import type { FaultProof } from "../engines/engine.ts";
import { createEdgeConditions, haveReturned } from "../scenario/edge-conditions.ts";
import type { Condition, Sight } from "../scenario/condition.ts";
import { doToEach } from "../scenario/of-each.ts";
import { unlessOneFalls } from "../scenario/fallen.ts";
import { RunAborted } from "../scenario/run-aborted.ts";
import type { RunState } from "../scenario/run-state.ts";
import { serves } from "../scenario/serving.ts";
import { startMachines } from "../scenario/start.ts";
import { waitFor } from "../scenario/wait.ts";
import { ControlError, isEdge } from "../systems/system.ts";
import { list } from "../text/list.ts";
import type { Repair } from "./repair.ts";

/** How long a cluster may take beyond two heartbeats: an edge may have missed one already. */
const PATIENCE_MS = 60_000;

/** Starts all machines of a stack that was just opened; resolves when every edge can be sent to. */
export async function raise(state: RunState): Promise<void> {
  const names = state.stack.machines().map(({ name }) => name);
  state.record({ kind: "step", verb: "start", subject: list(names) });
  await startMachines(state.stack.machines(), state.system);
  await see(state, serves(state, 0));
  const edges = names.filter(isEdge(state.system));
  if (edges.length > 0) await see(state, createEdgeConditions(state, edges).areReady());
}

/** Makes a stack whole again, whatever was done to it; resolves when every edge can be sent to. */
export async function mend(state: RunState, repairs: readonly Repair[]): Promise<void> {
  const from = state.readings.length;
  for (const [deed, parts] of Map.groupBy(repairs, (repair) => repair.do)) {
    state.record({ kind: "step", verb: deed, subject: list(parts.map(({ machine }) => machine)) });
    const machines = parts.map(({ machine }) => machine);
    const { proofs, seen } = await doToEach(deed, machines, (machine) => apply(state, { machine, do: deed }));
    // A start has nothing to show but what is waited for afterwards.
    if (deed === "start") continue;
    const isDone = proofs.every(({ bit }) => bit);
    state.record({ kind: "fault", fault: deed, machines, bit: isDone, seen });
    if (!isDone) throw new RunAborted(`${deed} of ${list(machines)} did not work: ${seen}`);
  }
  const isAnew = (name: string) =>
    repairs.some(({ machine, do: deed }) => machine === name && (deed === "recreate" || deed === "start"));
  const { looksLeaveLinesOn: orchestrator } = state.system;
  const edges = state.stack
    .machines()
    .map(({ name }) => name)
    .filter(isEdge(state.system));
  if (isAnew(orchestrator)) await see(state, serves(state, from));
  const back = edges.filter(isAnew);
  if (back.length > 0) await see(state, haveReturned(state, back, from));
  if (edges.length > 0) await see(state, createEdgeConditions(state, edges).areReady());
}

async function apply({ stack }: RunState, { machine: name, do: deed }: Repair): Promise<FaultProof> {
  const machine = stack.machine(name);
  switch (deed) {
    case "recreate":
      return await machine.recreate({ identity: "kept" });
    case "start":
      await machine.start();
      return { bit: true, seen: "started" };
    case "resume":
      return await machine.resume();
    case "heal":
      return await machine.heal();
  }
}

async function see(state: RunState, condition: Condition): Promise<void> {
  const limitMs = PATIENCE_MS + 2 * state.timing.heartbeat;
  const sight = await unlessOneFalls(state, waitFor(state, onceAnswered(state, condition), limitMs));
  if (!sight.met)
    throw new RunAborted(`waited ${limitMs} ms until ${condition.what}; last seen: ${sight.seen}`);
  state.record({ kind: "step", verb: "see", subject: condition.what, outcome: sight.seen });
}

/** An orchestrator that was started without a broker runs, and does not serve before there is one: it is asked again then. */
function onceAnswered({ system: { signals } }: RunState, condition: Condition): Condition {
  const { look, lookByStates } = condition;
  const answered = async (ask: () => Promise<Sight>): Promise<Sight> => {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ControlError)) throw error;
      return { met: false, seen: error.message };
    }
  };
  return {
    ...condition,
    wakesOn: (reading) => signals.isServing(reading) || condition.wakesOn(reading),
    look: () => answered(look),
    ...(lookByStates && { lookByStates: () => answered(lookByStates) }),
  };
}
