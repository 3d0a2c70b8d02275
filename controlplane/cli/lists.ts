import { InvalidArgumentError, type Command } from "commander";
import type { Cli } from "./cli.ts";
import { renderTable, type Column } from "./table.ts";

export interface ListFlags {
  readonly limit?: number;
  readonly label: Readonly<Record<string, string>>;
}

/** Gives a list command its common flags. */
export function addListFlags(command: Command): Command {
  return command
    .option("-l, --limit <count>", "show at most this many", readLimit)
    .option("-L, --label <k=v>", "only with this label; may be repeated", addLabel, {});
}

export interface Taken<T> {
  readonly items: readonly T[];
  /** The limit left some out. */
  readonly isCut: boolean;
}

/** Takes from a list what the flags ask for, and no page more than that needs. */
export async function take<T>(
  source: AsyncIterable<T>,
  flags: { readonly limit?: number },
  isWanted: (item: T) => boolean,
): Promise<Taken<T>> {
  const items: T[] = [];
  for await (const item of source) {
    if (!isWanted(item)) continue;
    if (items.length === flags.limit) return { items, isCut: true };
    items.push(item);
  }
  return { items, isCut: false };
}

export async function takeAll<T>(source: AsyncIterable<T>): Promise<readonly T[]> {
  return (await take(source, {}, () => true)).items;
}

export function hasLabels(
  labels: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(wanted).every(
    ([name, value]) => Object.hasOwn(labels, name) && labels[name] === value,
  );
}

/** A list as text: a table, or a sentence that there is nothing. */
export function renderList<Row>(
  cli: Cli,
  noun: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  isCut: boolean,
): string {
  if (rows.length === 0) return `No ${noun} found\n`;
  const table = renderTable(columns, rows, { wide: cli.flags.wide ?? false, style: cli.style });
  return isCut ? `${table}Showing the first ${rows.length}; a larger --limit shows more\n` : table;
}

/** A commander option's reader: a whole number above 0. */
export function readLimit(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It takes a whole number above 0.");
}

function addLabel(text: string, labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError("It takes name=value.");
  return { ...labels, [name]: value };
}
