/**
 * What an input says before it is known whom it will meet, and before it is large: `{{execution 2}}` stands for one of
 * the cluster's executions, `"@@deep-list@@"` for a text that would fill pages. So an input that failed can be printed,
 * and makes the same sense in another cluster.
 */
export interface Targets {
  /** Nodes that edges are; they have to serve again afterwards. */
  readonly nodes: readonly string[];
  readonly jobs: readonly string[];
  readonly executions: readonly string[];
}

const NOBODY = "00000000-0000-4000-8000-0000000fffff";

/** Ids of nodes that no machine is: they may be connected and deleted as one likes. */
const phantom = (number: number): string => `00000000-0000-4000-8000-${String(700_000 + (number % 5))}000000`;

/** Puts in what the placeholders stand for. */
export function fill(text: string, targets: Targets): string {
  return text
    .replaceAll(/"@@([\w-]+)@@"/g, (whole, name: string) => LARGE.get(name)?.() ?? whole)
    .replaceAll(/\{\{(\w+) (\d+)\}\}/g, (whole, kind: string, digits: string) => {
      const number = Number(digits);
      if (kind === "phantom") return phantom(number);
      if (kind === "node") return pick(targets.nodes, number) ?? NOBODY;
      if (kind === "job") return pick(targets.jobs, number) ?? `j-${NOBODY}`;
      if (kind === "execution") return pick(targets.executions, number) ?? `e-${NOBODY}`;
      return whole;
    });
}

function pick(ids: readonly string[], number: number): string | undefined {
  return ids[number % Math.max(1, ids.length)];
}

/** Pieces of JSON, some of which `JSON.stringify` would not write. */
export const ODD_PIECES: ReadonlyMap<string, () => string> = new Map([
  ["infinite", () => "1e999"],
  ["minus-zero", () => "-0"],
  ["inexact", () => "9007199254740993"],
  ["half-a-character", () => String.raw`"\ud800"`],
  ["prototype", () => '{"__proto__":{"force":true},"constructor":{"prototype":{"force":true}}}'],
  ["twice", () => '{"name":1,"name":2}'],
  ["not-a-number", () => "NaN"],
  ["nothing", () => ""],
  ["single-quotes", () => "'text'"],
  ["bad-escape", () => String.raw`"\x41"`],
  ["raw-tab", () => '"a\tb"'],
]);

/** The sizes at which stacks, limits and patience end. */
export const LARGE_PIECES: ReadonlyMap<string, () => string> = new Map([
  ["deep-list", () => "[".repeat(30_000) + "]".repeat(30_000)],
  ["deep-object", () => '{"a":'.repeat(20_000) + "1" + "}".repeat(20_000)],
  ["long-text", () => `"${"x".repeat(200_000)}"`],
  ["dashes", () => `"a${"-".repeat(100_000)}b"`],
  ["wide-text", () => `"${"€".repeat(170_000)}"`],
  ["nearly-a-payload", () => `"${"y".repeat(1024 * 1024 - 150)}"`],
  ["more-than-a-payload", () => `"${"z".repeat(1024 * 1024 + 1)}"`],
  ["many-numbers", () => `[${"1,".repeat(60_000)}1]`],
  ["many-keys", () => `{${Array.from({ length: 30_000 }, (_, at) => `"k${at}":${at}`).join(",")}}`],
  ["many-texts", () => `{${Array.from({ length: 30_000 }, (_, at) => `"k${at}":"v"`).join(",")}}`],
]);

const LARGE: ReadonlyMap<string, () => string> = new Map([...ODD_PIECES, ...LARGE_PIECES]);
