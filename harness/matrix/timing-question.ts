import type { Result } from "../report/result.ts";
import { KNOBS, type Knob } from "../timing/profile.ts";
import { isJudged, type CellOutcome } from "./cell.ts";

/** What a pace that differs from `default` in one knob tells of that knob. */
export interface KnobAnswer {
  readonly knob: Knob;
  /** The name of the pace in which it alone is changed. */
  readonly timing: string;
  /** Milliseconds. */
  readonly from: number;
  readonly to: number;
  /** Is the knob the culprit? `unclear`: a run could not tell, or nothing is lost in the first place. */
  readonly says: "yes" | "no" | "partly" | "unclear";
  /** The scenarios that are violated at the default pace: before and after the change. */
  readonly pairs: readonly { readonly before: Result; readonly after: Result }[];
}

/**
 * Timing as a hypothesis: is what is lost at the default pace lost because one knob has the value it has?
 * Asked without a fix, for every pace in the matrix that changes just one knob. Pure.
 *
 * @param needed ids of the scenarios without which there is no answer.
 */
export function askAboutTiming(
  cells: readonly CellOutcome[],
  needed: readonly string[],
): readonly KnobAnswer[] {
  const plain = cells.filter(isJudged).filter(({ cell }) => cell.fix === "none");
  const at = Map.groupBy(plain, ({ cell }) => cell.timing.name);
  const base = at.get("default") ?? [];
  return [...at].flatMap(([timing, changed]) => {
    const knob = onlyDifference(base, changed);
    if (knob === undefined) return [];
    const { name, from, to } = knob;
    const runs = base.flatMap(({ ended: { result: before } }) => {
      const after = changed.find(({ cell }) => cell.scenario.id === before.scenario)?.ended.result;
      return after === undefined ? [] : [{ before, after }];
    });
    const seen = new Set(runs.map(({ before }) => before.scenario));
    if (needed.some((id) => !seen.has(id))) return [];
    const pairs = runs.filter(({ before }) => before.verdict !== "held");
    return [{ knob: name, timing, from, to, says: answerOf(pairs), pairs }];
  });
}

function answerOf(pairs: KnobAnswer["pairs"]): KnobAnswer["says"] {
  const isKnown = pairs.every(({ before, after }) => ![before.verdict, after.verdict].includes("unknown"));
  if (pairs.length === 0 || !isKnown) return "unclear";
  const cured = pairs.filter(({ after }) => after.verdict === "held").length;
  if (cured === 0) return "no";
  return cured === pairs.length ? "yes" : "partly";
}

/** The one knob in which the paces differ, if it is one; a scenario's own knobs are the same in both. */
function onlyDifference(
  base: readonly { readonly cell: CellOutcome["cell"] }[],
  changed: readonly { readonly cell: CellOutcome["cell"] }[],
): { readonly name: Knob; readonly from: number; readonly to: number } | undefined {
  const before = base[0]?.cell.timing.profile.timing;
  const after = changed[0]?.cell.timing.profile.timing;
  if (before === undefined || after === undefined) return undefined;
  const [name, ...more] = KNOBS.filter((knob) => before[knob] !== after[knob]);
  if (name === undefined || more.length > 0) return undefined;
  return { name, from: before[name], to: after[name] };
}
