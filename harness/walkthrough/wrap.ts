import { stripVTControlCharacters } from "node:util";

/**
 * Breaks a line between words so that none is wider than so many columns; colours take no room. What goes on is
 * indented by `hang`, else like the line itself. A word that no line could hold is broken as well.
 */
export function wrap(line: string, width: number, hang?: number): readonly string[] {
  if (widthOf(line) <= width) return [line];
  const indent = /^ */.exec(line)?.[0] ?? "";
  const goesOn = " ".repeat(Math.min(hang ?? indent.length, Math.floor(width / 2)));
  const lines: string[] = [];
  let current = indent;
  let isEmpty = true;
  for (const [gap, word] of words(line.slice(indent.length))) {
    if (!isEmpty && widthOf(current) + gap.length + widthOf(word) > width) {
      lines.push(current);
      current = goesOn;
      isEmpty = true;
    }
    current += (isEmpty ? "" : gap) + word;
    isEmpty = false;
    while (widthOf(current) > width) {
      lines.push(current.slice(0, width));
      current = goesOn + current.slice(width);
    }
  }
  return [...lines, current];
}

/** Each word with the spaces before it. */
function words(text: string): readonly (readonly [gap: string, word: string])[] {
  return [...text.matchAll(/( *)([^ ]+)/g)].map(([, gap = "", word = ""]) => [gap, word]);
}

function widthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}
