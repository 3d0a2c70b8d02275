import type { Entry } from "../timeline/entry.ts";
import { clockTime } from "../timeline/clock-time.ts";
import { ofKind } from "../timeline/timeline.ts";
import type { ClusterSeen, ExecutionSeen, JobSeen } from "../vocabulary.ts";
import { inBothLooks, isOver, type AtRest, type EdgeAtRest } from "./at-rest.ts";

/** What the record says of one invariant. */
export interface Answer {
  readonly is:
    | "held"
    | "broken"
    /** This system does not tell what it takes to know. */
    | "untold"
    /** This run did not come far enough to know. */
    | "unclear";
  /** For people: what was found. */
  readonly seen: string;
  /** The executions that break it. */
  readonly executions: readonly ExecutionSeen[];
}

export function answer(is: Answer["is"], seen: string, executions: Answer["executions"] = []): Answer {
  return { is, seen, executions };
}

/**
 * 1. Every execution that is wanted running on a connected node is observed running. One that is over is not
 * wanted any more, whatever it was made for; and a node is connected only if its machine is there, not if it
 * merely has not been missed yet.
 */
export function unstarted(rest: AtRest): Answer {
  const there = idsOfConnected(rest);
  const isWanted = (execution: ExecutionSeen) =>
    there.has(execution.nodeId) && execution.desired === "running" && !isOver(execution);
  const wanted = inBothLooks(rest, isWanted);
  const waiting = inBothLooks(rest, (e) => isWanted(e) && e.observed !== "running");
  if (waiting.length === 0) return answer("held", `${count(wanted.length, "wanted execution")} running`);
  return brokenBy(waiting, (e) => `${tell(e, rest.after)} is wanted running, and ${e.observed}`);
}

/** 2. Nothing runs on an edge that the orchestrator does not want there. */
export function zombies(rest: AtRest): Answer {
  const isWanted = (edge: EdgeAtRest, id: string, seen: ReadonlyMap<string, ExecutionSeen>) => {
    const execution = seen.get(id);
    return execution?.nodeId === edge.nodeId && execution.desired === "running" && !isOver(execution);
  };
  const before = byId(rest.before);
  const after = byId(rest.after);
  const running = rest.edges.flatMap((edge) => [...(edge.running ?? [])].map((id) => ({ edge, id })));
  const unwanted = running.filter(
    ({ edge, id }) => !isWanted(edge, id, before) && !isWanted(edge, id, after),
  );
  if (unwanted.length === 0)
    return answer("held", `${count(running.length, "execution")} on the edges, all wanted`);
  const seen = some(unwanted, ({ edge, id }) => {
    const known = after.get(id);
    if (known === undefined) return `${shortId(id)} runs on ${edge.name}, unknown to the orchestrator`;
    return `${tell(known, rest.after)} runs, wanted ${known.desired}, observed ${known.observed}`;
  });
  const known = unwanted.flatMap(({ id }) => after.get(id) ?? []);
  return answer("broken", seen, known);
}

/** 3. Nothing is observed running on an edge that exists but does not run it. */
export function phantoms(rest: AtRest): Answer {
  const running = new Map(rest.edges.map((edge) => [edge.nodeId, edge.running]));
  const isBelieved = (execution: ExecutionSeen) =>
    execution.observed === "running" && running.get(execution.nodeId) !== undefined;
  const believed = inBothLooks(rest, isBelieved);
  const missing = believed.filter((execution) => !running.get(execution.nodeId)?.has(execution.id));
  if (missing.length === 0)
    return answer("held", `${count(believed.length, "execution")} observed running, all on their edges`);
  return brokenBy(missing, (e) => `${tell(e, rest.after)} is observed running, and does not run there`);
}

/** 4. At most one non-terminal execution per job and node, at any time. */
export function twins(timeline: readonly Entry[]): Answer {
  const looks = ofKind(timeline, "state");
  for (const look of looks) {
    const live = look.seen.executions.filter((execution) => !isOver(execution));
    const places = Map.groupBy(live, (execution) => `${execution.jobId} ${execution.nodeId}`);
    const together = [...places.values()].find((executions) => executions.length > 1);
    if (together === undefined) continue;
    const seen = some(together, (e) => `${tell(e, look.seen)} is ${e.observed}`);
    return answer("broken", `at once, at ${clockTime(look)}: ${seen}`, together);
  }
  return answer("held", `${count(looks.length, "look")}, never two`);
}

/** 5, as far as states tell: terminal states never change. */
export function afterTheEnd(timeline: readonly Entry[]): Answer {
  const looks = ofKind(timeline, "state");
  const over = new Map<string, { readonly observed: string; readonly atMs: number }>();
  for (const { atMs, seen } of looks) {
    for (const execution of seen.executions) {
      const { id, observed } = execution;
      const was = over.get(id);
      if (was !== undefined && was.observed !== observed) {
        const said = `${tell(execution, seen)} was ${was.observed} at ${clockTime(was)}`;
        return answer("broken", `${said}, and ${observed} at ${clockTime({ atMs })}`, [execution]);
      }
      if (isOver(execution)) over.set(id, { observed, atMs });
    }
  }
  return answer("held", `${count(over.size, "execution")} seen to end, none seen to change after`);
}

/**
 * 6. No job waits for a node that could take it. A job runs on every node that its selector admits (spec
 * 1-system, "job"), so it waits for each on which its newest version was never placed. The node could take it
 * if it is connected, ready, and free: an older version of the same job is in the way, and under `avoid:
 * any-job` so is anything pending. Under `same-job` it is not; there this says less than it could. What is
 * pending there breaks 1, unless it starts.
 */
export function idleNodes(rest: AtRest): Answer {
  const untold = rest.after.jobs.filter((job) => isWanted(job) && job.admits === undefined);
  const before = new Set(freeFor(rest, rest.before).map(({ key }) => key));
  const free = freeFor(rest, rest.after).filter(({ key }) => before.has(key));
  if (free.length > 0) return answer("broken", some(free, tellFree));
  if (untold.length > 0) return answer("untold", "the system does not tell which nodes a job may run on");
  return answer("held", `${count(rest.after.jobs.length, "job")}, none waits for a free node`);
}

interface Free {
  readonly key: string;
  readonly job: JobSeen;
  readonly edge: string;
}

function tellFree({ job, edge }: Free): string {
  return `${job.name} is \`${job.state}\` and has nothing on ${edge}, which is connected, ready and free`;
}

/** Nodes on which a job was never placed, and could be. */
function freeFor({ edges }: AtRest, seen: ClusterSeen): readonly Free[] {
  const nodes = new Map(seen.nodes.map((node) => [node.id, node]));
  const live = seen.executions.filter((execution) => !isOver(execution));
  const pendingOn = new Set(
    live.filter(({ observed }) => observed === "pending").map(({ nodeId }) => nodeId),
  );
  const free = edges.filter(({ nodeId }) => {
    const node = nodes.get(nodeId);
    return node?.connection === "connected" && node.ready !== false && !pendingOn.has(nodeId);
  });
  return seen.jobs.filter(isWanted).flatMap((job) => {
    const taken = new Set(
      seen.executions
        .filter((e) => e.jobId === job.id && (e.jobVersion === job.version || !isOver(e)))
        .map((e) => e.nodeId),
    );
    const admitted = job.admits === "every node" ? undefined : new Set(job.admits);
    return free
      .filter(({ nodeId }) => !taken.has(nodeId) && (admitted === undefined || admitted.has(nodeId)))
      .map(({ name, nodeId }) => ({ key: `${job.id} ${nodeId}`, job, edge: name }));
  });
}

/** Nothing is left to run of the others. */
function isWanted(job: JobSeen): boolean {
  return job.state !== "stopped" && job.state !== "completed" && job.state !== "failed";
}

function idsOfConnected({ edges, before, after }: AtRest): ReadonlySet<string> {
  const connectedIn = ({ nodes }: ClusterSeen) =>
    new Set(nodes.filter((node) => node.connection === "connected").map((node) => node.id));
  const [earlier, later] = [connectedIn(before), connectedIn(after)];
  return new Set(edges.map((edge) => edge.nodeId).filter((id) => earlier.has(id) && later.has(id)));
}

function brokenBy(executions: readonly ExecutionSeen[], say: (execution: ExecutionSeen) => string): Answer {
  return answer("broken", some(executions, say), executions);
}

function byId(seen: ClusterSeen): ReadonlyMap<string, ExecutionSeen> {
  return new Map(seen.executions.map((execution) => [execution.id, execution]));
}

/** `e-1315edc4 of new-test-job on edge2`. */
function tell(execution: ExecutionSeen, { jobs, nodes }: ClusterSeen): string {
  const job = jobs.find((candidate) => candidate.id === execution.jobId)?.name ?? execution.jobId;
  const node = nodes.find((candidate) => candidate.id === execution.nodeId)?.name ?? execution.nodeId;
  return `${shortId(execution.id)} of ${job} on ${node}`;
}

function shortId(id: string): string {
  return id.slice(0, 10);
}

/** The first few; of ten thousand nobody reads the last. */
function some<T>(all: readonly T[], say: (one: T) => string): string {
  const shown = all.slice(0, 3).map(say);
  return [...shown, ...(all.length > 3 ? [`and ${all.length - 3} more`] : [])].join("; ");
}

function count(many: number, what: string): string {
  return `${many === 0 ? "no" : many} ${what}${many === 1 ? "" : "s"}`;
}
