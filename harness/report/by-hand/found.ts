import type { Entry, EntryOf } from "../../timeline/entry.ts";
import { ofKind } from "../../timeline/timeline.ts";
import type { ClusterSeen, ExecutionSeen } from "../../vocabulary.ts";

/** What a run saw, in the words of `picture` (see `ByHand`), to be compared with what is seen by hand. */
export interface Found {
  /** The jobs that it is about, by name. */
  readonly jobs: readonly string[];
  /** The edges that were asked themselves. */
  readonly edges: readonly string[];
  readonly lines: readonly string[];
}

export interface FoundQuestion {
  readonly jobId: string | undefined;
  /** The executions that kept something from being so. */
  readonly stuck: readonly ExecutionSeen[];
  /** What the edges themselves said counts from here on. */
  readonly sinceMs: number;
}

/**
 * The last that was seen of a job and of what it was stuck on: each job's state, every execution of those versions,
 * and what the edges themselves said. Executions of other versions are on their way out, or about something else.
 */
export function foundIn(timeline: readonly Entry[], at: FoundQuestion): Found {
  const seen = ofKind(timeline, "state").at(-1)?.seen;
  if (seen === undefined) return { jobs: [], edges: [], lines: [] };
  const jobs = seen.jobs.filter(({ id }) => id === at.jobId || at.stuck.some((e) => e.jobId === id));
  const versions = new Set([
    ...jobs.filter(({ id }) => id === at.jobId).map(({ id, version }) => versionOf(id, version)),
    ...at.stuck.map((execution) => versionOf(execution.jobId, execution.jobVersion)),
  ]);
  const executions = seen.executions.filter((e) => versions.has(versionOf(e.jobId, e.jobVersion)));
  const said = ofKind(timeline, "running-on").filter(({ atMs }) => atMs >= at.sinceMs);
  return {
    jobs: jobs.map(({ name }) => name),
    edges: [...new Set(said.map(({ edge }) => edge))].sort(),
    lines: [
      ...jobs.map(({ name, state }) => `job ${name}: ${state}`),
      ...executions.map((execution) => executionLine(execution, seen)),
      ...edgeLines(said, seen),
    ],
  };
}

function versionOf(jobId: string, version: number): string {
  return `${jobId} ${version}`;
}

function executionLine(execution: ExecutionSeen, seen: ClusterSeen): string {
  const node = seen.nodes.find(({ id }) => id === execution.nodeId)?.name ?? execution.nodeId;
  return `${nameOf(execution, seen)} on ${node}: ${execution.observed}, desired ${execution.desired}`;
}

/** The last word of each edge. */
function edgeLines(said: readonly EntryOf<"running-on">[], seen: ClusterSeen): string[] {
  const last = new Map(said.map(({ edge, executionIds }) => [edge, executionIds]));
  return [...last].map(([edge, ids]) => {
    const names = ids.map((id) => {
      const execution = seen.executions.find((candidate) => candidate.id === id);
      return execution === undefined ? id : nameOf(execution, seen);
    });
    return `${edge} itself: runs ${names.sort().join(",") || "nothing"}`;
  });
}

function nameOf({ jobId, jobVersion }: ExecutionSeen, seen: ClusterSeen): string {
  return `${seen.jobs.find(({ id }) => id === jobId)?.name ?? jobId} v${jobVersion}`;
}
