/** Longer words are not typing errors of ours, and comparing them would only cost time. */
const LONGEST_WORD = 40;

/**
 * The name that somebody probably meant: the same but for case, or at most two typing errors away (one in
 * a short word). Undefined if none is near.
 */
export function nearMiss(word: string, known: Iterable<string>): string | undefined {
  if (word.length > LONGEST_WORD) return undefined;
  const wanted = word.toLowerCase();
  let best: { name: string; distance: number } | undefined;
  for (const name of known) {
    const distance = editDistance(wanted, name.toLowerCase());
    const allowed = Math.min(word.length, name.length) <= 4 ? 1 : 2;
    if (distance <= allowed && (best === undefined || distance < best.distance)) best = { name, distance };
  }
  return best?.name;
}

/** The near miss as the end of a sentence, or nothing. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const name = nearMiss(word, known);
  return name === undefined ? "" : ` (did you mean ${name}?)`;
}

/** Letters to insert, remove, replace or swap with their neighbour. */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = cell(last, column - 1) + (from[row - 1] === to[column - 1] ? 0 : 1);
      const moved = Math.min(cell(last, column) + 1, cell(current, column - 1) + 1);
      const isSwap = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const swapped = row > 1 && column > 1 && isSwap ? cell(beforeLast, column - 2) + 1 : Infinity;
      current.push(Math.min(replaced, moved, swapped));
    }
    beforeLast = last;
    last = current;
  }
  return cell(last, to.length);
}

function cell(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
