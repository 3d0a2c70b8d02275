import { list } from "../text/list.ts";
import type { ClusterSeen, ExecutionSeen, JobSeen } from "../vocabulary.ts";
import type { Sight } from "./condition.ts";
import { nodesOf } from "./nodes-of.ts";
import type { RunState } from "./run-state.ts";

/** Which job is asked about, and on which edges. */
export interface Question extends Pick<RunState, "identitiesOf"> {
  readonly id: string;
  readonly name: string;
  readonly edges: readonly string[];
}

export interface RunningSight extends Sight {
  readonly stuck: readonly ExecutionSeen[];
  /** The edges that do not run it. */
  readonly idle: readonly string[];
}

/** Pure: whether a job runs on all these edges, and what is in the way. */
export function sightOfRunning(seen: ClusterSeen, at: Question): RunningSight {
  const job = jobOf(seen, at);
  if (job === undefined) return { ...notThere(at), idle: at.edges };
  const idle: string[] = [];
  const waiting: ExecutionSeen[] = [];
  const byEdge = executionsByEdge(seen, job, at);
  for (const edge of at.edges) {
    const here = (byEdge.get(edge) ?? []).filter((execution) => execution.jobVersion === job.version);
    if (here.some((execution) => execution.observed === "running")) continue;
    idle.push(edge);
    waiting.push(...here.filter((execution) => execution.observed === "pending"));
  }
  const stuck = waiting.length > 0 ? waiting : inTheWay(seen, job, { ...at, edges: idle });
  const running = at.edges.length - idle.length;
  return {
    met: idle.length === 0 && job.state !== "deploying",
    seen: [
      `${at.name} is \`${job.state}\`, ${running} of ${at.edges.length} running`,
      ...told(stuck, job),
    ].join("; "),
    stuck,
    idle,
  };
}

/**
 * What keeps a job from running where none of its own executions waits: on edges that it has not been given,
 * whatever is pending there (seed 002, "cascading failure"); where it runs everywhere, what of it is left over
 * on nodes that are no edge's any more.
 */
function inTheWay(seen: ClusterSeen, job: JobSeen, at: Question): readonly ExecutionSeen[] {
  if (at.edges.length === 0) {
    if (job.state !== "deploying") return [];
    return leftOver(seen, job);
  }
  const nodes = nodesOf(seen.nodes, at);
  const idle = new Set(at.edges.map((edge) => nodes.get(edge)?.id));
  return seen.executions.filter(
    (execution) => idle.has(execution.nodeId) && execution.observed === "pending",
  );
}

/** What keeps a job `deploying`: its executions that have yet to start, or to end. */
export function leftOver(seen: ClusterSeen, job: JobSeen): readonly ExecutionSeen[] {
  return seen.executions.filter(
    ({ jobId, observed, desired }) =>
      jobId === job.id && (observed === "pending" || (observed === "running" && desired === "stopped")),
  );
}

/** Pure: whether it runs on all these edges under the executions of before, and there are no others. */
export function sightOfKeeping(
  seen: ClusterSeen,
  at: Question & { readonly before: readonly string[] },
): RunningSight {
  const sight = sightOfRunning(seen, at);
  const job = jobOf(seen, at);
  if (job === undefined) return sight;
  const byEdge = executionsByEdge(seen, job, at);
  const now = idsOf(at.edges.flatMap((edge) => byEdge.get(edge) ?? []));
  const others = now.filter((id) => !at.before.includes(id));
  const isSame = others.length === 0;
  return {
    ...sight,
    met: sight.idle.length === 0 && isSame,
    seen: `${sight.seen}; ${isSame ? "the same executions" : `others as well: ${list(others.map(shortId))}`}`,
  };
}

/** Pure: whether its newest version has an execution on each of these edges; it is sent as soon as it is there. */
export function sightOfPlacement(seen: ClusterSeen, at: Question): RunningSight {
  const job = jobOf(seen, at);
  if (job === undefined) return { ...notThere(at), idle: at.edges };
  const byEdge = executionsByEdge(seen, job, at);
  const idle = at.edges.filter(
    (edge) => !(byEdge.get(edge) ?? []).some(({ jobVersion }) => jobVersion === job.version),
  );
  const said = idle.length === 0 ? "placed on each" : `not placed on ${list(idle)}`;
  return { met: idle.length === 0, seen: said, stuck: [], idle };
}

/** Pure: whether it has come to its end on all these edges, and the job knows it. */
export function sightOfEnds(seen: ClusterSeen, at: Question): RunningSight {
  const job = jobOf(seen, at);
  if (job === undefined) return { ...notThere(at), idle: at.edges };
  const byEdge = executionsByEdge(seen, job, at);
  const here = at.edges.map((edge) => (byEdge.get(edge) ?? []).at(-1));
  const stuck = here.filter((execution) => execution !== undefined && execution.observed !== "completed");
  const missing = at.edges.filter((_edge, index) => here[index] === undefined);
  return {
    met: stuck.length + missing.length === 0 && job.state === "completed",
    seen: [
      `${at.name} is \`${job.state}\`, ${at.edges.length - stuck.length - missing.length} of ${at.edges.length} completed`,
      ...told(stuck as ExecutionSeen[], job),
    ].join("; "),
    stuck: stuck as ExecutionSeen[],
    idle: missing,
  };
}

/** Pure: whether its executions on all these edges are given up. */
export function sightOfFailures(seen: ClusterSeen, at: Question): RunningSight {
  const job = jobOf(seen, at);
  if (job === undefined) return { ...notThere(at), idle: at.edges };
  const byEdge = executionsByEdge(seen, job, at);
  const here = at.edges.flatMap((edge) => byEdge.get(edge) ?? []);
  const missing = at.edges.filter((edge) => (byEdge.get(edge) ?? []).length === 0);
  const stuck = here.filter((execution) => execution.observed !== "failed");
  return {
    met: stuck.length === 0 && missing.length === 0,
    seen: [
      `${here.length - stuck.length} of ${here.length} executions on ${list(at.edges)} failed`,
      ...told(stuck, job),
    ].join("; "),
    stuck,
    idle: missing,
  };
}

/** Pure: whether what these edges say that they run of a job is what should run there. */
export function sightOfReality(
  seen: ClusterSeen,
  at: Question & {
    readonly running: ReadonlyMap<string, readonly string[]>;
    readonly wanted: "newest" | "nothing";
  },
): RunningSight {
  const job = jobOf(seen, at);
  if (job === undefined) return { ...notThere(at), idle: at.edges };
  const ofJob = new Map(
    seen.executions.filter((execution) => execution.jobId === job.id).map((e) => [e.id, e] as const),
  );
  const byEdge = executionsByEdge(seen, job, at);
  const idle: string[] = [];
  const stuck: ExecutionSeen[] = [];
  const words: string[] = [];
  for (const edge of at.edges) {
    const runs = (at.running.get(edge) ?? []).flatMap((id) => ofJob.get(id) ?? []);
    const isWanted = (e: ExecutionSeen) => at.wanted === "newest" && e.jobVersion === job.version;
    const zombies = runs.filter((execution) => !isWanted(execution));
    stuck.push(...zombies);
    words.push(
      ...zombies.map((e) => `${edge} runs ${shortId(e.id)} (version ${e.jobVersion}), which is not wanted`),
    );
    const wanted = runs.filter(isWanted);
    if (wanted.length > 1) words.push(`${edge} runs it ${wanted.length} times`);
    if (at.wanted === "nothing" || wanted.length === 1) continue;
    idle.push(edge);
    if (wanted.length > 1) continue;
    words.push(`${edge} does not run it`);
    if (zombies.length === 0) stuck.push(...(byEdge.get(edge) ?? []).filter((e) => isOpen(e) && isWanted(e)));
  }
  return {
    met: idle.length === 0 && stuck.length === 0,
    seen:
      words.length === 0
        ? at.wanted === "newest"
          ? "so it is on each"
          : "it runs on none"
        : words.join("; "),
    stuck,
    idle,
  };
}

export function idsOf(executions: readonly ExecutionSeen[]): string[] {
  return executions.map((execution) => execution.id).sort();
}

function jobOf(seen: ClusterSeen, at: Question): JobSeen | undefined {
  return seen.jobs.find((candidate) => candidate.id === at.id);
}

function notThere(at: Question) {
  return { met: false, seen: `${at.name} is not there`, stuck: [] };
}

/** A job's executions, of any version, on the nodes that the edges are now. */
function executionsByEdge(seen: ClusterSeen, job: JobSeen, at: Question): Map<string, ExecutionSeen[]> {
  const edgeOf = new Map([...nodesOf(seen.nodes, at)].map(([edge, node]) => [node.id, edge]));
  const byEdge = new Map<string, ExecutionSeen[]>();
  for (const execution of seen.executions) {
    const edge = edgeOf.get(execution.nodeId);
    if (edge === undefined || execution.jobId !== job.id) continue;
    byEdge.set(edge, [...(byEdge.get(edge) ?? []), execution]);
  }
  return byEdge;
}

function isOpen({ observed }: ExecutionSeen): boolean {
  return observed === "pending" || observed === "running";
}

function told(executions: readonly ExecutionSeen[], job: JobSeen): string[] {
  if (executions.length === 0) return [];
  const words = executions.map((e) => {
    const whose = e.jobId === job.id ? "" : "another job's ";
    return `${whose}${shortId(e.id)} ${e.observed}, desired ${e.desired}`;
  });
  return [list(words, "; ")];
}

function shortId(id: string): string {
  return id.slice(0, 10);
}
