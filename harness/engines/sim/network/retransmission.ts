const FIRST_RETRY_MS = 200;

/**
 * When a segment that was first sent at `sentMs`, into a link that was cut until `healedMs`, arrives: TCP tries
 * again after 200 ms, then doubles the pause, and the first try after the heal gets through. Seen on Docker: a
 * message published during a 2 s cut arrived 1.4 s after the heal (spec 5-quality).
 */
export function arrivalAfterCut(sentMs: number, healedMs: number): number {
  let tryMs = sentMs;
  let pauseMs = FIRST_RETRY_MS;
  while (tryMs < healedMs) {
    tryMs += pauseMs;
    pauseMs *= 2;
  }
  return tryMs;
}
