/**
 * Compares versions number by number, only as far as both go: 20.10.24 is the same as 20.10. Negative if `a` is the older.
 */
export function compareVersions(a: string, b: string): number {
  const [as, bs] = [numbers(a), numbers(b)];
  for (let at = 0; at < Math.min(as.length, bs.length); at++) {
    const difference = as[at]! - bs[at]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbers(version: string): readonly number[] {
  return (/^\d+(?:\.\d+)*/.exec(version)?.[0] ?? "0").split(".").map(Number);
}
