import type { Result } from "../report/result.ts";
import type { Shard } from "./select.ts";

/** One cell of the whole: every run of it, in all reports. */
export interface MergedCell {
  readonly scenario: string;
  readonly fix: string;
  /** Not empty. */
  readonly runs: readonly Result[];
}

/** One engine's cells at one pace. */
export interface MergedTable {
  readonly engine: string;
  readonly timing: string;
  readonly scenarios: readonly string[];
  readonly fixes: readonly string[];
  readonly cells: readonly MergedCell[];
  /** Places in the table that no report has. */
  readonly missing: readonly Pick<MergedCell, "scenario" | "fix">[];
}

/** In which order things are shown; what is not named comes last, in the order in which it came. */
export interface MergeOrder {
  readonly scenarios: readonly string[];
  readonly fixes: readonly string[];
  readonly timings: readonly string[];
}

/** The results of many parts and rounds of one matrix, put back together. Pure. */
export function mergeResults(results: readonly Result[], order: MergeOrder): readonly MergedTable[] {
  const byEngine = Map.groupBy(results, ({ engine }) => engine);
  return [...byEngine].flatMap(([engine, ofEngine]) => {
    const byTiming = Map.groupBy(ofEngine, ({ timing }) => timing);
    return inOrder([...byTiming.keys()], order.timings).map((timing): MergedTable => {
      const own = byTiming.get(timing) ?? [];
      const scenarios = inOrder(namesOf(own, "scenario"), order.scenarios);
      const fixes = inOrder(namesOf(own, "fix"), order.fixes);
      const places = scenarios.flatMap((scenario) => fixes.map((fix) => ({ scenario, fix })));
      const all = places.map((place) => ({
        ...place,
        runs: own.filter(({ scenario, fix }) => scenario === place.scenario && fix === place.fix),
      }));
      return {
        engine,
        timing,
        scenarios,
        fixes,
        cells: all.filter(({ runs }) => runs.length > 0),
        missing: all.filter(({ runs }) => runs.length === 0).map(({ scenario, fix }) => ({ scenario, fix })),
      };
    });
  });
}

/** A report as far as it tells what it is a part of. */
export interface PartOfMatrix {
  readonly shard: Shard | undefined;
  readonly cells: readonly Pick<Result, "engine" | "seed">[];
}

/**
 * The shards that lack a sibling of the same engine and seed, as a line each. A missing part cannot be seen in the
 * tables alone: it may have held whole columns.
 */
export function missingShards(reports: readonly PartOfMatrix[]): readonly string[] {
  const parts = reports.flatMap(({ shard, cells: [cell] }) =>
    shard === undefined || cell === undefined
      ? []
      : [{ index: shard.index, of: shard.of, round: `${cell.engine}, seed ${cell.seed}` }],
  );
  return [...Map.groupBy(parts, ({ of, round }) => `of ${of}, ${round}`)].flatMap(([name, own]) => {
    const all = Array.from({ length: own[0]?.of ?? 0 }, (_, position) => position + 1);
    const missing = all.filter((index) => own.every((part) => part.index !== index));
    return missing.length === 0 ? [] : [`no report of shard ${missing.join(", ")} ${name}`];
  });
}

function namesOf(results: readonly Result[], what: "scenario" | "fix"): readonly string[] {
  return [...new Set(results.map((result) => result[what]))];
}

function inOrder(names: readonly string[], order: readonly string[]): readonly string[] {
  return [...order.filter((name) => names.includes(name)), ...names.filter((name) => !order.includes(name))];
}
