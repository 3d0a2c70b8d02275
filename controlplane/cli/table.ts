import type { Style } from "./style.ts";

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string;
  /** Only with `--wide`. */
  readonly isWide?: boolean;
  /** Coloured by what the state means. */
  readonly isState?: boolean;
}

/** Rows under titles, in columns as wide as they need to be; two spaces apart, so that `awk` finds them too. */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  options: { readonly wide: boolean; readonly style: Style },
): string {
  const { wide, style } = options;
  const rendered = columns
    .filter((column) => wide || column.isWide !== true)
    .map((column) => {
      const cells = rows.map((row) => plain(column.cell(row)));
      const width = Math.max(column.title.length, ...cells.map((cell) => cell.length));
      const paint = (cell: string): string => (column.isState === true ? style.state(cell) : cell);
      return { title: column.title.padEnd(width), cells: cells.map((cell) => paint(cell.padEnd(width))) };
    });
  const titles = style.heading(
    rendered
      .map(({ title }) => title)
      .join("  ")
      .trimEnd(),
  );
  const lines = rows.map((_, index) =>
    rendered
      .map(({ cells }) => cells[index])
      .join("  ")
      .trimEnd(),
  );
  return `${[titles, ...lines].join("\n")}\n`;
}

/** Facts about one thing, one a line; those that are undefined are left out. */
export function renderFacts(
  facts: readonly (readonly [name: string, value: string | undefined])[],
  style: Style,
): string {
  const known = facts.filter(([, value]) => value !== undefined);
  const width = Math.max(...known.map(([name]) => name.length));
  return known
    .map(([name, value]) => `${style.heading(name.padEnd(width))}  ${style.state(plain(value ?? ""))}\n`)
    .join("");
}

/** `env=prod,zone=a`, or a dash. */
export function renderLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  return pairs.length === 0 ? "-" : pairs.join(",");
}

/** A cell is one line, whatever a node calls itself: control characters could rewrite the screen. */
function plain(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").replaceAll(/\p{Cc}/gu, "�");
  return line === "" ? "-" : line;
}
