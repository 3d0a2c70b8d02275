/**
 * A short text that two sides have in common only if they know the same executions in the same states. What has
 * ended is left out: each side forgets it in its own time.
 */
export function digestOf(
  live: readonly { readonly executionId: string; readonly state: "pending" | "running" }[],
): string {
  const lines = live.map(({ executionId, state }) => `${executionId}=${state}`).sort();
  let value = 0x811c9dc5;
  for (const line of lines) {
    // FNV-1a, with the line's end mixed in: it only has to tell equal from unequal.
    for (let index = 0; index < line.length; index += 1) {
      value = Math.imul(value ^ line.charCodeAt(index), 0x01000193);
    }
    value = Math.imul(value ^ 0x0a, 0x01000193);
  }
  return `${lines.length}-${(value >>> 0).toString(16)}`;
}
