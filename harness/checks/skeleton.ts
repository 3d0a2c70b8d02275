import type { LogPattern } from "../logs/pattern.ts";
import type { Entry, EntryOf } from "../timeline/entry.ts";

/**
 * What happened to each execution, in which order, and nothing of when: `new-test-job on edge1` →
 * `dispatch-attempt`, `published`, `stuck-detected`. Two runs that are one story have one skeleton, whatever
 * engine they ran on and however fast that was.
 */
export type Skeleton = ReadonlyMap<string, readonly string[]>;

/**
 * Reads a record up to its last claim; what follows is not part of what was claimed. Of each pattern only the
 * first line counts: how often a scheduler looks again is a matter of timing. `patterns` are those that
 * matter, in the order in which a message meets them: this order decides where two machines printed in the
 * same millisecond. Pure.
 */
export function skeletonOf(
  timeline: readonly Entry[],
  patterns: readonly Pick<LogPattern, "name">[],
): Skeleton {
  const rank = new Map(patterns.map(({ name }, index) => [name, index]));
  const end = timeline.findLastIndex((entry) => entry.kind === "claim");
  const lines = (end === -1 ? timeline : timeline.slice(0, end)).filter(
    (entry): entry is EntryOf<"log"> => entry.kind === "log" && rank.has(entry.pattern),
  );
  const byExecution = Map.groupBy(lines, (line) => line.fields["execution_id"] ?? "");
  byExecution.delete("");
  const skeleton = new Map<string, readonly string[]>();
  const plans = Map.groupBy(byExecution.values(), (own) => `${planOf(own)} ${nameOf(own)}`);
  for (const plan of plans.values()) {
    const stories = plan.map((own) => {
      const order = inCausalOrder(own, (line) => rank.get(line.pattern) ?? 0).map(stepOf);
      return { name: nameOf(own), steps: [...new Set(order)] };
    });
    // None of one plan's executions on nodes of one name is the first of them: their ids are chance.
    for (const { name, steps } of stories.toSorted((a, b) => (String(a.steps) < String(b.steps) ? -1 : 1)))
      skeleton.set(freeName(name, skeleton), steps);
  }
  return skeleton;
}

/** Where two skeletons differ, for people; empty if they are the same. */
export function skeletonDifferences(
  one: { readonly name: string; readonly skeleton: Skeleton },
  other: { readonly name: string; readonly skeleton: Skeleton },
): readonly string[] {
  const width = Math.max(one.name.length, other.name.length);
  const executions = [...new Set([...one.skeleton.keys(), ...other.skeleton.keys()])].sort();
  return executions.flatMap((execution) => {
    const steps = [one, other].map(({ skeleton }) => skeleton.get(execution));
    if (String(steps[0]) === String(steps[1])) return [];
    const says = [one, other].map(
      ({ name }, index) => `  ${name.padEnd(width)}  ${steps[index]?.join(" → ") ?? "no such execution"}`,
    );
    return [`${execution}:`, ...says, `  ${firstDifference(steps[0] ?? [], steps[1] ?? [])}`];
  });
}

/** Each machine's lines are in order; between machines time decides, and in the same millisecond the rank. */
function inCausalOrder(
  lines: readonly EntryOf<"log">[],
  rankOf: (line: EntryOf<"log">) => number,
): readonly EntryOf<"log">[] {
  const queues = [...Map.groupBy(lines, (line) => line.machine).values()].map((own) => own.toReversed());
  return lines.map(() => {
    const heads = queues.map((queue) => queue.at(-1));
    const next = heads
      .filter((head) => head !== undefined)
      .reduce((first, head) => {
        const isEarlier =
          head.atMs < first.atMs || (head.atMs === first.atMs && rankOf(head) < rankOf(first));
        return isEarlier ? head : first;
      });
    queues[heads.indexOf(next)]?.pop();
    return next;
  });
}

/** A change of state says which. */
function stepOf({ pattern, fields: { to } }: EntryOf<"log">): string {
  return to === undefined ? pattern : `${pattern}(${to})`;
}

/** An edge's own line does not say which edge it is: the machine does. */
function nameOf(lines: readonly EntryOf<"log">[]): string {
  const field = (name: string) => lines.find((line) => name in line.fields)?.fields[name];
  const node = field("node_name") ?? lines.find((line) => !("node_id" in line.fields))?.machine;
  return `${field("job") ?? "some job"} on ${node ?? "some node"}`;
}

/** The evaluation that made it; executions that say none are each of a plan of their own. */
function planOf(lines: readonly EntryOf<"log">[]): string {
  const [first] = lines.flatMap(({ fields }) => fields["eval_id"] ?? []);
  return first ?? lines[0]?.fields["execution_id"] ?? "";
}

/** A second execution of a job on an edge is another one. */
function freeName(name: string, taken: Skeleton): string {
  for (let count = 1; ; count += 1) {
    const numbered = count === 1 ? name : `${name} (${count})`;
    if (!taken.has(numbered)) return numbered;
  }
}

function firstDifference(one: readonly string[], other: readonly string[]): string {
  const index = one.findIndex((step, at) => step !== other[at]);
  const at = index === -1 ? one.length : index;
  const after = at === 0 ? "at the beginning" : `after ${one[at - 1]}`;
  return `${after}: ${one[at] ?? "nothing more"} against ${other[at] ?? "nothing more"}`;
}
