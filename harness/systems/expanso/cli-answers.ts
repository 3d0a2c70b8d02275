import { z } from "zod";
import type { ClusterSeen, ExecutionSeen, JobSeen, NodeSeen } from "../../vocabulary.ts";
import { admits, selector, type Labelled } from "./selector.ts";

/**
 * What `expanso-cli … --format json` answers (spec 2-contract, "Objects"), as this build and others say it: states in
 * any case, as `{state_type}` or as a word; lists bare, wrapped or in words.
 */
const state = z
  .union([z.string(), z.object({ state_type: z.string() }).transform((own) => own.state_type)])
  .transform((word) => word.toLowerCase());

export const node = z.object({
  id: z.string(),
  spec: z.object({ name: z.string(), labels: z.record(z.string(), z.string()).nullish() }),
  status: z.object({
    connection_state: state,
    data_plane: z.string().optional(),
    created_at: z.string().nullish(),
  }),
});

export const job = z.object({
  id: z.string(),
  spec: z.object({ name: z.string(), selector: selector.nullish() }),
  status: z.object({
    state: z.union([z.string(), z.object({ state_type: z.string(), message: z.string().nullish() })]),
    version: z.number(),
  }),
});

export const execution = z.object({
  id: z.string(),
  job_id: z.string(),
  job_version: z.number(),
  node_id: z.string(),
  // Older builds say `compute_state`.
  status: z.object({
    desired_state: state,
    observed_state: state.nullish(),
    compute_state: state.nullish(),
  }),
});

export interface Lists {
  readonly nodes: readonly z.infer<typeof node>[];
  readonly jobs: readonly z.infer<typeof job>[];
  readonly executions: readonly z.infer<typeof execution>[];
}

/** In the harness's own words. */
export function clusterSeen({ nodes, jobs, executions }: Lists): ClusterSeen {
  const candidates = nodes.map(labelled);
  return {
    nodes: nodes.map(nodeSeen),
    jobs: jobs.map((each) => jobSeen(each, candidates)),
    executions: executions.map(executionSeen),
  };
}

/** The oldest first; where the build does not tell, as it lists them. */
export function nodesByAge(nodes: Lists["nodes"]): NodeSeen[] {
  const bornMs = ({ status }: Lists["nodes"][number]) => Date.parse(status.created_at ?? "");
  return nodes.toSorted((one, other) => bornMs(one) - bornMs(other) || 0).map(nodeSeen);
}

function nodeSeen({ id, spec, status }: z.infer<typeof node>): NodeSeen {
  const ready = status.data_plane === undefined ? undefined : status.data_plane.toLowerCase() === "ready";
  return { id, name: spec.name, connection: status.connection_state, ready };
}

function labelled({ id, spec }: z.infer<typeof node>): Labelled {
  return { id, labels: spec.labels ?? {} };
}

function jobSeen({ id, spec, status }: z.infer<typeof job>, nodes: readonly Labelled[]): JobSeen {
  const said = typeof status.state === "string" ? { state_type: status.state } : status.state;
  return {
    id,
    name: spec.name,
    version: status.version,
    state: said.state_type.toLowerCase(),
    message: said.message ?? "",
    admits: admits(spec.selector ?? {}, nodes),
  };
}

function executionSeen(own: z.infer<typeof execution>): ExecutionSeen {
  const { observed_state: observed, compute_state: older, desired_state: desired } = own.status;
  return {
    id: own.id,
    jobId: own.job_id,
    jobVersion: own.job_version,
    nodeId: own.node_id,
    desired,
    observed: observed ?? older ?? "unknown",
  };
}

/** The items of a list that was asked for as JSON; undefined if the answer is none. */
export function itemsIn(text: string): readonly unknown[] | undefined {
  const words = withoutFooter(text);
  if (words === "" || /^No \w+( \w+)* found\.?$/i.test(words)) return [];
  const json = asJson(words);
  // Where there is nothing some builds have null for a list.
  if (json === null || Array.isArray(json)) return json ?? [];
  if (typeof json !== "object") return undefined;
  const { items, ...others } = json as Readonly<Record<string, unknown>>;
  // `{items, next_token}`, or under the name of what is listed.
  const inner = items === undefined ? Object.values(others).find(Array.isArray) : (items ?? []);
  return Array.isArray(inner) ? inner : undefined;
}

/** One thing that was asked for as JSON: bare, or under its name. Undefined if the answer is none. */
export function thingIn(text: string, name: string): unknown {
  const json = asJson(withoutFooter(text));
  if (typeof json !== "object" || json === null) return undefined;
  return (json as Readonly<Record<string, unknown>>)[name] ?? json;
}

function withoutFooter(text: string): string {
  return text.replaceAll(/^Showing\b.*$/gim, "").trim();
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
