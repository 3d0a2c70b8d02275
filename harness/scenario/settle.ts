import { currentNodes, lastChangeOf, lastDeedMs } from "../checks/at-rest.ts";
import { ControlError, isEdge } from "../systems/system.ts";
import { list } from "../text/list.ts";
import { clockTime } from "../timeline/clock-time.ts";
import { ofKind } from "../timeline/timeline.ts";
import type { NodeSeen } from "../vocabulary.ts";
import type { RunState } from "./run-state.ts";
import { readStreams } from "./streams.ts";
import { waitFor } from "./wait.ts";

/** How long an edge may take to return once the scenario lets it, and how often all may change meanwhile. */
const PATIENCE_MS = 30_000;
const MOST_WINDOWS = 3;

/**
 * Waits until everything that should be connected has been for W, and the scenario has done nothing for as long;
 * then asks the orchestrator, each edge, and the orchestrator again, and records the answers: what the invariants
 * are checked against (spec 3-scenarios). A cluster that does not come to rest is recorded as that.
 */
export async function settle(state: RunState, windowMs: number): Promise<void> {
  const edges = await edgesThatShouldBeConnected(state);
  const problem = await askAtRest(state, edges, windowMs).catch((error: unknown) => {
    if (error instanceof ControlError) return error.message;
    throw error;
  });
  state.record({ kind: "settled", edges, sinceMs: lastChangeMs(state, edges), windowMs, problem });
}

/** Resolves with what kept the questions from being answered, if anything did. */
async function askAtRest(
  state: RunState,
  edges: readonly string[],
  windowMs: number,
): Promise<string | undefined> {
  const deadlineMs = state.nowMs() + MOST_WINDOWS * windowMs + PATIENCE_MS;
  const dueMs = () => lastChangeMs(state, edges) + windowMs;
  if (dueMs() > state.nowMs()) {
    const subject = `until nothing has changed for W = ${clockTime({ atMs: windowMs })}`;
    state.record({ kind: "step", verb: "settle", subject });
  }
  for (;;) {
    if (dueMs() > deadlineMs)
      return `something changed again and again, until ${clockTime({ atMs: state.nowMs() })}`;
    if (dueMs() > state.nowMs()) {
      await pass(state, dueMs() - state.nowMs());
      continue;
    }
    const late = notReady(state, edges, (await state.look()).nodes);
    if (late.length === 0) {
      // The look took its time, too.
      if (dueMs() <= state.nowMs()) break;
    } else if (!(await areBack(state, late, deadlineMs - state.nowMs())))
      return `${list(late)} should be connected and ready, and is not`;
  }
  await askEdges(state, edges);
  return await lookToTheEnd(state);
}

/** Those that the scenario left running and on the network; the rest of the machines are the system's own. */
async function edgesThatShouldBeConnected({ stack, system, timeline }: RunState): Promise<readonly string[]> {
  const edges = stack.machines().filter(({ name }) => isEdge(system)(name));
  const states = await Promise.all(edges.map((machine) => machine.state()));
  const faults = ofKind(timeline.entries(), "fault");
  const last = (machine: string, among: readonly string[]) =>
    faults.findLast(({ fault, machines }) => among.includes(fault) && machines.includes(machine))?.fault;
  return edges
    .filter(({ name }, index) => {
      if (last(name, ["cut", "heal", "recreate"]) === "cut") return false;
      // One that has ended without being stopped should still be there.
      if (states[index] === "exited") return last(name, ["stop", "restart"]) !== "stop";
      return states[index] === "running";
    })
    .map((machine) => machine.name);
}

function lastChangeMs({ timeline, system }: RunState, edges: readonly string[]): number {
  const entries = timeline.entries();
  const changeMs = lastChangeOf(edges, system.signals.membership(entries)) ?? 0;
  return Math.max(changeMs, lastDeedMs(entries));
}

function notReady(state: RunState, edges: readonly string[], nodes: readonly NodeSeen[]): readonly string[] {
  const current = currentNodes(state.system.signals.membership(state.timeline.entries()), nodes);
  const ready = new Set(
    nodes.filter((node) => node.connection === "connected" && node.ready !== false).map((node) => node.id),
  );
  return edges.filter((edge) => !ready.has(current.get(edge) ?? ""));
}

async function areBack(state: RunState, late: readonly string[], limitMs: number): Promise<boolean> {
  const { signals } = state.system;
  const sight = await waitFor(
    state,
    {
      what: `${list(late)} connected and ready`,
      wakesOn: (reading) => late.includes(signals.nodeReady(reading) ?? ""),
      look: async () => {
        const missing = notReady(state, late, await state.lookAtNodes());
        return { met: missing.length === 0, seen: `${list(missing)} not ready` };
      },
    },
    limitMs,
  );
  return sight.met;
}

/** Time that has to go by; what happens meanwhile is in the record. */
async function pass(state: RunState, durationMs: number): Promise<void> {
  const untilMs = state.nowMs() + durationMs;
  await waitFor(
    state,
    {
      what: "nothing changes",
      wakesOn: () => false,
      look: () => Promise.resolve({ met: state.nowMs() >= untilMs, seen: "" }),
    },
    durationMs,
  );
}

async function askEdges(state: RunState, edges: readonly string[]): Promise<void> {
  if (!state.system.capabilities.has("edge-executions")) return;
  const answers = await Promise.all(
    edges.map(async (edge) => ({ edge, executionIds: await state.control.runningOn(edge) })),
  );
  for (const answer of answers) state.record({ kind: "running-on", ...answer });
}

/** What the log does not have by the end of this look, it will not have. */
async function lookToTheEnd(state: RunState): Promise<string | undefined> {
  const askedMs = state.nowMs();
  await state.look();
  await readStreams(state, {
    looksPastMs: askedMs,
    brokerPastMs: Number.NEGATIVE_INFINITY,
    heartbeatMs: state.timing.heartbeat,
  });
  const read = ofKind(state.timeline.entries(), "streams-read").at(-1);
  return read !== undefined && read.upToMs >= askedMs ? undefined : "the log could not be read to its end";
}
