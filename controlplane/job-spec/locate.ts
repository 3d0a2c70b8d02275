import { isAlias, isMap, isScalar, isSeq, type Scalar } from "yaml";
import { positionAt } from "../pipeline/bloblang/position.ts";
import type { ReadDocument } from "./read-yaml.ts";

interface Position {
  readonly line: number;
  readonly column: number;
}

/**
 * Where in a YAML text something is: the key at the end of the path, or the list item; for `at`, the place
 * inside the scalar there. What is missing is where it should be: at the key of the map that lacks it.
 */
export function locate(
  text: string,
  document: ReadDocument,
  wanted: { readonly path: readonly (string | number)[]; readonly at?: Position | undefined },
): Position {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const step of wanted.path) {
    const entry = entryOf(resolveAlias(node, document), step);
    if (entry === undefined) return positionAt(text, offset);
    offset = startOf(entry.found) ?? offset;
    node = entry.value;
  }
  const end = resolveAlias(node, document);
  if (wanted.at === undefined || !isScalar<string>(end)) return positionAt(text, offset);
  return positionAt(text, offsetInside(text, end, wanted.at));
}

function entryOf(
  node: unknown,
  step: string | number,
): { readonly found: unknown; readonly value: unknown } | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(step)];
    return item === undefined ? undefined : { found: item, value: item };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && key.value === step);
  return pair && { found: pair.key, value: pair.value };
}

function resolveAlias(node: unknown, { targets }: ReadDocument): unknown {
  return isAlias(node) ? targets.get(node) : node;
}

function startOf(node: unknown): number | undefined {
  return (node as { readonly range?: readonly [number, ...number[]] | null } | null)?.range?.[0];
}

/**
 * From a place in a scalar's value to the offset in the file that it was written at. YAML indents, folds
 * and escapes, but what it changes is white space only: the nth other character of the value is the nth
 * other character of the source.
 */
function offsetInside(text: string, scalar: Scalar<string>, at: Position): number {
  const { start, character } = notation(text, scalar);
  const source = text.slice(start, scalar.range?.[1]);
  const written = Array.from(source.matchAll(character)).filter(
    (match) => match.groups?.["blank"] === undefined,
  );

  const before = scalar.value.slice(0, offsetOf(scalar.value, at));
  const index = before.replaceAll(/\s+/g, "").length;
  const isCharacter = /\S/.test(scalar.value.charAt(before.length));
  const [own, previous] = [written[index], written[index - 1]];
  if (isCharacter && own !== undefined) return start + own.index;
  // The end of a line or of the text: right behind what stands before it.
  return previous === undefined ? start : start + previous.index + previous[0].length;
}

/** Where a scalar's text starts behind its quote or header, and how one character of it is written. */
function notation(text: string, scalar: Scalar): { readonly start: number; readonly character: RegExp } {
  const start = startOf(scalar) ?? 0;
  switch (scalar.type) {
    case "BLOCK_LITERAL":
    case "BLOCK_FOLDED":
      return { start: text.indexOf("\n", start) + 1, character: /\S/g };
    case "QUOTE_SINGLE":
      return { start: start + 1, character: /''|\S/g };
    case "QUOTE_DOUBLE":
      return { start: start + 1, character: /(?<blank>\s|\\[nrtvfNLP_\s])|\\(?:x..|u.{4}|U.{8}|.)|./g };
    default:
      return { start, character: /\S/g };
  }
}

/** Lines and columns count from 1, columns in characters. */
function offsetOf(value: string, at: Position): number {
  const lines = value.split("\n");
  const before = lines.slice(0, at.line - 1).reduce((sum, line) => sum + line.length + 1, 0);
  const inLine = Array.from(lines[at.line - 1] ?? "").slice(0, at.column - 1);
  return before + inLine.join("").length;
}
