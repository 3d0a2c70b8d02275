import type { ClusterSeen, ExecutionSeen } from "../vocabulary.ts";
import type { Condition, Sight } from "./condition.ts";
import type { Edges } from "./edges.ts";
import { list } from "../text/list.ts";
import { hearOf } from "./hear-of.ts";
import type { RunState } from "./run-state.ts";

/** A job that the scenario has deployed. */
export interface DeployedJob {
  readonly id: string;
  readonly name: string;
  /** Its executions run on all of these edges, and the job itself has left `deploying`. */
  runsOn(edges: Edges): Condition;
  /** The orchestrator says that the job is in this state, for this reason if one is given. */
  is(state: string, message?: string): Condition;
  /** Its executions as the orchestrator has them now. */
  executions(): Promise<readonly ExecutionSeen[]>;
  /** It runs on all of these edges, under the same executions as then, and under no others. */
  isUnchangedSince(before: readonly ExecutionSeen[], edges: Edges): Condition;
  /** The orchestrator has tried to send it to all of these edges, with whatever success. */
  isDispatchedTo(edges: Edges): Condition;
}

export function createDeployedJob(
  state: RunState,
  job: { readonly jobId: string; readonly jobName: string },
): DeployedJob {
  const { jobId: id, jobName: name } = job;
  const { signals } = state.system;
  return {
    id,
    name,
    runsOn: (edges) => ({
      what: `${name} runs on ${list(edges.names)}`,
      jobId: id,
      wakesOn: (reading) => signals.isProgress(reading, id),
      look: async () => sightOfRunning(await state.look(), { id, name, edges: edges.names }),
    }),
    is: (wanted, message) => ({
      what: `${name} is \`${wanted}\`${message === undefined ? "" : `, "${message}"`}`,
      jobId: id,
      wakesOn: (reading) => signals.isLooked(reading, id),
      look: async () => {
        const job = (await state.look()).jobs.find((candidate) => candidate.id === id);
        const met = job?.state === wanted && (message === undefined || job.message === message);
        return { met, seen: `${name} is \`${job?.state ?? "not there"}\`, "${job?.message ?? ""}"` };
      },
    }),
    executions: async () => ofJob(await state.look()),
    isUnchangedSince: (before, edges) => ({
      what: `${name} runs on ${list(edges.names)} under the same executions`,
      jobId: id,
      wakesOn: (reading) => signals.isLooked(reading, id),
      look: async () => {
        const seen = await state.look();
        const sight = sightOfRunning(seen, { id, name, edges: edges.names });
        const ids = (executions: readonly ExecutionSeen[]) => executions.map((e) => e.id).sort();
        const same = ids(ofJob(seen)).join() === ids(before).join();
        return {
          ...sight,
          met: sight.met && same,
          seen: `${sight.seen}; ${same ? "the same" : "other"} executions`,
        };
      },
    }),
    isDispatchedTo: (edges) => {
      const heard = hearOf(state, edges.names, (reading) => signals.dispatchTo(reading, id));
      return {
        what: `${name} is dispatched to ${list(edges.names)}`,
        jobId: id,
        wakesOn: heard.wakesOn,
        look: () => {
          const missing = heard.missing();
          return Promise.resolve({
            met: missing.length === 0,
            seen: missing.length === 0 ? "dispatched to each" : `no dispatch to ${list(missing)}`,
          });
        },
      };
    },
  };

  function ofJob(seen: ClusterSeen): ExecutionSeen[] {
    return seen.executions.filter((execution) => execution.jobId === id);
  }
}

/** Pure: whether a job runs on all these edges, and what is in the way. */
export function sightOfRunning(
  seen: ClusterSeen,
  at: { readonly id: string; readonly name: string; readonly edges: readonly string[] },
): Sight {
  const job = seen.jobs.find((candidate) => candidate.id === at.id);
  if (job === undefined) return { met: false, seen: `${at.name} is not there` };
  const idle: string[] = [];
  const stuck: ExecutionSeen[] = [];
  const nameOf = new Map(seen.nodes.map((node) => [node.id, node.name]));
  const byEdge = Map.groupBy(
    seen.executions.filter((execution) => execution.jobId === job.id && execution.jobVersion === job.version),
    (execution) => nameOf.get(execution.nodeId),
  );
  for (const edge of at.edges) {
    const here = byEdge.get(edge) ?? [];
    if (here.some((execution) => execution.observed === "running")) continue;
    idle.push(edge);
    stuck.push(...here.filter((execution) => execution.observed === "pending"));
  }
  const running = at.edges.length - idle.length;
  const met = idle.length === 0 && job.state !== "deploying";
  const states = stuck.map((e) => `${e.id.slice(0, 10)} ${e.observed}, desired ${e.desired}`);
  return {
    met,
    seen:
      `${at.name} is \`${job.state}\`, ${running} of ${at.edges.length} running` +
      (states.length > 0 ? `; ${list(states, "; ")}` : ""),
    stuck,
  };
}
