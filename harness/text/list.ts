const MOST = 8;

/** For people: all of a few, the first of many. */
export function list(words: readonly string[], separator = ", "): string {
  if (words.length <= MOST) return words.join(separator);
  return `${words.slice(0, MOST - 1).join(separator)}${separator}and ${words.length - MOST + 1} more`;
}
