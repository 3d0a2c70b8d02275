import { UsageError } from "../errors.ts";
import { list } from "../text/list.ts";
import { nearest } from "../text/nearest.ts";
import type { Cell } from "./cell.ts";

/** What `--only` looks at. */
const DIMENSIONS: Readonly<Record<"scenario" | "fix" | "timing", (cell: Cell) => string>> = {
  scenario: ({ scenario }) => scenario.id,
  fix: ({ fix }) => fix,
  timing: ({ timing }) => timing.name,
};

type Dimension = keyof typeof DIMENSIONS;

/**
 * The cells that `--only` leaves: each text is a scenario's id or a part of it, `fix=NAME[,NAME]` or
 * `timing=NAME[,NAME]`. Several about the same thing: any of them; about different things: all of them.
 * @throws UsageError for a text that fits no cell: it would silently narrow to nothing.
 */
export function onlyCells(cells: readonly Cell[], texts: readonly string[]): readonly Cell[] {
  const wanted = new Map<Dimension, Set<string>>();
  for (const text of texts) {
    const { dimension, values } = matchesOf(text, cells);
    const all = wanted.get(dimension) ?? new Set();
    wanted.set(dimension, all.union(values));
  }
  return cells.filter((cell) =>
    [...wanted].every(([dimension, values]) => values.has(DIMENSIONS[dimension](cell))),
  );
}

function matchesOf(
  text: string,
  cells: readonly Cell[],
): { readonly dimension: Dimension; readonly values: ReadonlySet<string> } {
  const split = text.indexOf("=");
  const key = split === -1 ? "scenario" : text.slice(0, split);
  const dimensions = Object.keys(DIMENSIONS) as Dimension[];
  const dimension = dimensions.find((candidate) => candidate === key);
  if (dimension === undefined) {
    throw new UsageError(
      `--only: got "${text}"${nearest(key, dimensions)}; accepted are a part of a scenario's id, fix=NAME, timing=NAME`,
    );
  }
  const known = [...new Set(cells.map((cell) => DIMENSIONS[dimension](cell)))];
  const values = text
    .slice(split + 1)
    .split(",")
    .flatMap((word) => namedBy(word, dimension, known));
  return { dimension, values: new Set(values) };
}

/** A whole name means just that one; only of a scenario's id a part is enough. */
function namedBy(word: string, dimension: Dimension, known: readonly string[]): readonly string[] {
  const found = known.includes(word)
    ? [word]
    : known.filter((name) => dimension === "scenario" && word !== "" && name.includes(word));
  if (found.length > 0) return found;
  const add = dimension === "scenario" ? "" : `; --${dimension} adds another`;
  throw new UsageError(
    `--only: no ${dimension} is "${word}"${nearest(word, known)}; here are ${list(known)}${add}`,
  );
}

/** Which part of how many, counted from 1. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** @throws UsageError */
export function parseShard(text: string): Shard {
  const match = /^(?<index>\d{1,6})\/(?<of>\d{1,6})$/.exec(text);
  const shard = { index: Number(match?.groups?.["index"]), of: Number(match?.groups?.["of"]) };
  if (shard.index >= 1 && shard.index <= shard.of) return shard;
  throw new UsageError(`--shard: got "${text}", accepted is I/N with I from 1 to N, for example 1/4`);
}

/** Every n-th item from the i-th on: neighbours, which take about as long, go to different shards. */
export function shardOf<T>(items: readonly T[], { index, of }: Shard): readonly T[] {
  return items.filter((_, position) => position % of === index - 1);
}
