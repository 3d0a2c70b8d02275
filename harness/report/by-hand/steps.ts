import type { Act, Entry, EntryOf } from "../../timeline/entry.ts";

/** One step of a run, for people. */
export interface Step {
  readonly kind: "deed" | "wait" | "premise";
  /** What was done, waited for or made sure of. */
  readonly title: string;
  readonly act: Act;
  readonly entry: EntryOf<"step" | "premise">;
}

/** What was done, waited for and made sure of, in order. */
export function stepsOf(timeline: readonly Entry[]): readonly Step[] {
  return timeline.flatMap((entry): Step[] => {
    if (entry.kind === "premise" && entry.act !== undefined)
      return [{ kind: "premise", title: `now ${entry.what}`, act: entry.act, entry }];
    if (entry.kind !== "step" || entry.act === undefined) return [];
    return entry.act.do === "wait"
      ? [{ kind: "wait", title: `until ${entry.subject}`, act: entry.act, entry }]
      : [{ kind: "deed", title: `${entry.verb} ${entry.subject}`, act: entry.act, entry }];
  });
}

/** Every machine that something was done to, in the order in which it first was. */
export function machinesIn(steps: readonly Step[]): readonly string[] {
  return [...new Set(steps.flatMap(({ act }) => ("machines" in act ? act.machines : [])))];
}

/** The machines that are there and answer, after all of these steps. */
export function machinesAfter(steps: readonly Step[]): readonly string[] {
  const there = new Set<string>();
  for (const { act } of steps) {
    if (!("machines" in act)) continue;
    for (const name of act.machines) {
      if (act.do === "kill" || act.do === "pause") there.delete(name);
      else there.add(name);
    }
  }
  return [...there];
}
