import type { Capability, MembershipChange } from "../systems/system.ts";
import type { Entry, EntryOf } from "../timeline/entry.ts";
import { ofKind } from "../timeline/timeline.ts";
import type { ClusterSeen, ExecutionSeen, NodeSeen } from "../vocabulary.ts";

/** A cluster in which everything that should be connected has been for W, as its record shows it. */
export interface AtRest {
  readonly atMs: number;
  readonly windowMs: number;
  /** The edges that should be connected, and are. */
  readonly edges: readonly EdgeAtRest[];
  /** What the orchestrator believed before and after the edges were asked. */
  readonly before: ClusterSeen;
  readonly after: ClusterSeen;
}

export interface EdgeAtRest {
  readonly name: string;
  /** The id under which it is known now. */
  readonly nodeId: string;
  /** Ids of the executions that really run there; undefined if it was not asked. */
  readonly running: ReadonlySet<string> | undefined;
}

/** What the checks ask of the system's knowledge; all of it reads the record and nothing else. */
export interface MembershipExpertise {
  readonly capabilities: ReadonlySet<Capability>;
  readonly signals: { membership(timeline: readonly Entry[]): readonly MembershipChange[] };
}

/** The end of the run, or why the record does not have one. */
export function atRest(
  timeline: readonly Entry[],
  expertise: MembershipExpertise,
): AtRest | { readonly problem: string } {
  const settled = ofKind(timeline, "settled").at(-1);
  if (settled === undefined) return { problem: "the run ended before they could be asked for" };
  if (settled.problem !== undefined) return { problem: settled.problem };
  const before = timeline.slice(0, timeline.indexOf(settled));
  const [first, second] = ofKind(before, "state").slice(-2);
  if (first === undefined || second === undefined) return { problem: "nobody looked at the end" };
  const nodeIds = currentNodes(expertise.signals.membership(timeline), second.seen.nodes);
  const running = new Map(
    ofKind(before, "running-on").map(({ edge, executionIds }) => [edge, new Set(executionIds)]),
  );
  const edges: EdgeAtRest[] = [];
  for (const name of settled.edges) {
    const nodeId = nodeIds.get(name);
    if (nodeId === undefined) return { problem: `which of the nodes called ${name} is there is not known` };
    const own = running.get(name);
    if (own === undefined && expertise.capabilities.has("edge-executions"))
      return { problem: `${name} was not asked what it runs` };
    edges.push({ name, nodeId, running: own });
  }
  const { atMs, windowMs } = settled;
  return { atMs, windowMs, edges, before: first.seen, after: second.seen };
}

/**
 * By machine, the id of the node that it is now: the one under which it shook hands last. Where the log does
 * not tell, the only node of that name.
 */
export function currentNodes(
  membership: readonly MembershipChange[],
  nodes: readonly NodeSeen[],
): ReadonlyMap<string, string> {
  const current = new Map<string, string>();
  for (const [name, own] of Map.groupBy(nodes, (node) => node.name)) {
    const only = own.length === 1 ? own[0] : undefined;
    if (only !== undefined) current.set(name, only.id);
  }
  for (const { edge, nodeId, change } of membership) if (change === "joined") current.set(edge, nodeId);
  return current;
}

/** The last time that one of these edges came or went, under the id that it has now; undefined if never. */
export function lastChangeOf(
  edges: readonly string[],
  membership: readonly MembershipChange[],
): number | undefined {
  const current = currentNodes(membership, []);
  const names = new Set(edges);
  return membership.findLast(({ edge, nodeId }) => names.has(edge) && current.get(edge) === nodeId)?.atMs;
}

/** When the scenario last did something to the cluster, as opposed to watching it. */
export function lastDeedMs(timeline: readonly Entry[]): number {
  const deed = timeline.findLast(
    (entry): entry is EntryOf<"step" | "fault"> =>
      entry.kind === "fault" || (entry.kind === "step" && !WATCHES.has(entry.verb)),
  );
  return deed?.atMs ?? 0;
}

const WATCHES: ReadonlySet<string> = new Set(["see", "judge", "settle"]);

/** Executions of which something is so before and after: what was only on its way is not held against anybody. */
export function inBothLooks(
  { before, after }: AtRest,
  is: (execution: ExecutionSeen) => boolean,
): readonly ExecutionSeen[] {
  const earlier = new Set(before.executions.filter(is).map((execution) => execution.id));
  return after.executions.filter((execution) => earlier.has(execution.id) && is(execution));
}

/** Observed states that nothing follows (spec 1-system, "Vocabulary"). */
const TERMINAL: ReadonlySet<string> = new Set(["completed", "failed", "stopped", "cancelled"]);

export function isOver(execution: ExecutionSeen): boolean {
  return TERMINAL.has(execution.observed);
}
