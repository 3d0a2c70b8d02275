/** Characters: what a terminal has at the least, and what is still read with ease. */
const WIDTHS = { min: 80, max: 120 } as const;

/** How wide tables may be. */
export function terminalWidth(): number {
  return Math.min(WIDTHS.max, Math.max(WIDTHS.min, columnsOf(process.stdout) ?? WIDTHS.max));
}

/** Undefined where it is no terminal, or one that does not know: those that nobody looks at have 0 columns. */
export function columnsOf({
  isTTY,
  columns,
}: Pick<NodeJS.WriteStream, "isTTY" | "columns">): number | undefined {
  return isTTY && columns > 0 ? columns : undefined;
}
