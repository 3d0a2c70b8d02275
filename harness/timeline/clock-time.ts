/** A moment of the run as it is told: seconds since its beginning, `3.9s`. */
export function clockTime(at: { readonly atMs: number } | undefined): string {
  return at === undefined ? "?" : `${(at.atMs / 1_000).toFixed(at.atMs < 600_000 ? 1 : 0)}s`;
}
