const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;

/** Largest unit first, each at most once; `m` must not swallow the first letter of `ms`. */
const DURATION =
  /^(?:(?<h>\d+(?:\.\d+)?)h)?(?:(?<m>\d+(?:\.\d+)?)m(?!s))?(?:(?<s>\d+(?:\.\d+)?)s)?(?:(?<ms>\d+(?:\.\d+)?)ms)?$/;

/**
 * Reads a duration such as `250ms`, `1.5s`, `5m`, `1h5m` (spec 1-system, "Timing").
 * @returns whole milliseconds; undefined if `text` is no such duration, finer than 1 ms, or too large to
 *   count exactly.
 */
export function parseDuration(text: string): number | undefined {
  const parts = text === "" ? undefined : DURATION.exec(text)?.groups;
  if (parts === undefined) return undefined;
  const exactMs =
    Number(parts["h"] ?? 0) * HOUR_MS +
    Number(parts["m"] ?? 0) * MINUTE_MS +
    Number(parts["s"] ?? 0) * SECOND_MS +
    Number(parts["ms"] ?? 0);
  const wholeMs = Math.round(exactMs);
  // 1.1 s is 1100.0000000000001 ms in binary: forgive what rounding did, not what the user asked for.
  const isWhole = Math.abs(exactMs - wholeMs) < 1e-6 * Math.max(1, wholeMs / SECOND_MS);
  return isWhole && Number.isSafeInteger(wholeMs) ? wholeMs : undefined;
}

/**
 * Writes a duration the shortest way that `parseDuration` reads back to the same number: `65 min` is
 * `1h5m`, `1500` is `1.5s`, `0` is `0s`. Fractions of a millisecond are rounded away.
 * @param durationMs 0 or more
 */
export function formatDuration(durationMs: number): string {
  const wholeMs = Math.round(durationMs);
  if (wholeMs === 0) return "0s";
  const hours = Math.floor(wholeMs / HOUR_MS);
  const minutes = Math.floor((wholeMs % HOUR_MS) / MINUTE_MS);
  const restMs = wholeMs % MINUTE_MS;
  const rest = restMs === 0 ? "" : restMs < SECOND_MS ? `${restMs}ms` : `${restMs / SECOND_MS}s`;
  return `${hours > 0 ? `${hours}h` : ""}${minutes > 0 ? `${minutes}m` : ""}${rest}`;
}
