import type { WireExecution, WireJob, WireNode } from "../protocol/http.ts";
import type { Api } from "./api.ts";
import type { Cli } from "./cli.ts";
import { shortId } from "./find.ts";
import { takeAll } from "./lists.ts";
import type { Column } from "./table.ts";

/** What executions only have the ids of. */
export interface Names {
  readonly jobs: ReadonlyMap<string, WireJob>;
  readonly nodes: ReadonlyMap<string, WireNode>;
}

export async function loadNames(api: Api): Promise<Names> {
  const [jobs, nodes] = await Promise.all([
    takeAll(api.list<WireJob>("/jobs")),
    takeAll(api.list<WireNode>("/nodes")),
  ]);
  return {
    jobs: new Map(jobs.map((job) => [job.id, job])),
    nodes: new Map(nodes.map((node) => [node.id, node])),
  };
}

export function executionColumns(cli: Cli, names: Names): readonly Column<WireExecution>[] {
  const wide = cli.flags.wide === true;
  return [
    { title: "ID", cell: ({ id }) => (wide ? id : shortId(id)) },
    { title: "JOB", cell: (execution) => jobName(execution, names) },
    { title: "VERSION", cell: ({ job_version }) => String(job_version) },
    { title: "NODE", cell: (execution) => nodeName(execution, names) },
    { title: "STATE", cell: (execution) => observedState(execution).state_type, isState: true },
    { title: "DESIRED", cell: ({ status }) => status.desired_state.state_type, isState: true },
    { title: "CREATED", cell: ({ status }) => status.created_at, isWide: true },
    { title: "UPDATED", cell: ({ status }) => status.updated_at, isWide: true },
    { title: "MESSAGE", cell: (execution) => observedState(execution).message, isWide: true },
  ];
}

/** A job that was deleted meanwhile has no name any more. */
export function jobName(execution: WireExecution, { jobs }: Names): string {
  return jobs.get(execution.job_id)?.spec.name ?? shortId(execution.job_id);
}

export function nodeName(execution: WireExecution, { nodes }: Names): string {
  return nodes.get(execution.node_id)?.spec.name ?? shortId(execution.node_id);
}

/** Older builds say `compute_state`. */
export function observedState({ status }: WireExecution): WireExecution["status"]["observed_state"] {
  const older = status as Partial<Record<"compute_state", WireExecution["status"]["observed_state"]>>;
  const state = status.observed_state as WireExecution["status"]["observed_state"] | undefined;
  return state ?? older.compute_state ?? { state_type: "pending", message: "" };
}
