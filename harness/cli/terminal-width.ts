/** Characters: what a terminal has at the least, and what is still read with ease. */
const WIDTHS = { min: 80, max: 120 } as const;

/** How wide tables may be. */
export function terminalWidth(): number {
  return Math.min(WIDTHS.max, Math.max(WIDTHS.min, process.stdout.columns ?? WIDTHS.max));
}
