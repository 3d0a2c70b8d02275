const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h)/gy;

/** Milliseconds from `250ms`, `1s`, `5m`, `1h5m`; undefined if the text is none of these. */
export function parseDuration(text: string): number | undefined {
  let exactMs = 0;
  let read = 0;
  for (const part of text.trim().matchAll(PART)) {
    exactMs += Number(part[1]) * UNIT_MS[part[2] as keyof typeof UNIT_MS];
    read += part[0].length;
  }
  if (read === 0 || read !== text.trim().length) return undefined;
  const ms = Math.round(exactMs);
  // 1.001 s is 1000.9999999999999 ms in binary: forgive what rounding did, not what the user asked for.
  const isWhole = Math.abs(exactMs - ms) < 1e-6 * Math.max(1, ms / 1_000);
  return isWhole && Number.isSafeInteger(ms) ? ms : undefined;
}

/** As a person would say it: `250 ms`, `6.2 s`, `5 min 3 s`, `1 h 5 min`. */
export function sayDuration(ms: number): string {
  // What would be rounded up to the next unit is said in that unit.
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  const rest = seconds % 60;
  const parts = hours > 0 ? [`${hours} h`, `${minutes} min`] : [`${minutes} min`, `${rest} s`];
  return parts.filter((part) => !part.startsWith("0 ")).join(" ");
}

/** As in a file or an option: `250ms`, `1.5s`, `5m`. */
export function writeDuration(ms: number): string {
  if (ms >= 60_000 && ms % 60_000 === 0)
    return ms % 3_600_000 === 0 ? `${ms / 3_600_000}h` : `${ms / 60_000}m`;
  return ms >= 1_000 ? `${ms / 1_000}s` : `${ms}ms`;
}
