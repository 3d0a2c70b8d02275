import type { Expression, ObjectEntry } from "./ast.ts";
import { MappingSyntaxError } from "./mapping-error.ts";
import { didYouMean } from "../near-miss.ts";
import { parseFunction, parseMethod } from "./parse-call.ts";
import type { TokenCursor } from "./token-cursor.ts";
import { FUNCTIONS, SUPPORTED } from "./vocabulary.ts";

/**
 * How deep brackets may nest, and how many steps may follow one value. Together they bound the height of
 * the tree (50 × 50), so that neither parsing nor running it can overflow the stack.
 */
const MAX_NESTING = 50;
export const MAX_STEPS = 50;

/** Reads one value with all its `.path` and `.method()` steps. */
export function parseExpression(cursor: TokenCursor, nesting = 0): Expression {
  if (nesting >= MAX_NESTING) {
    throw new MappingSyntaxError(cursor.peek().at, `values are nested deeper than ${MAX_NESTING} levels`);
  }
  let expression = parsePrimary(cursor, nesting);
  cursor.joinLinesBefore(".");
  for (let steps = 0; cursor.takeSign("."); steps++) {
    if (steps >= MAX_STEPS) {
      throw new MappingSyntaxError(cursor.peek().at, `more than ${MAX_STEPS} steps follow one value`);
    }
    expression = parseStep(cursor, expression, nesting);
    cursor.joinLinesBefore(".");
  }
  return expression;
}

function parsePrimary(cursor: TokenCursor, nesting: number): Expression {
  const token = cursor.take();
  const { at } = token;
  switch (token.kind) {
    case "text":
    case "number":
      return { at, kind: "literal", value: token.value };
    case "word":
      return parseWord(cursor, at, token.text);
    case "sign":
      if (token.text === "(") return parseParentheses(cursor, nesting);
      if (token.text === "{") return parseObject(cursor, at, nesting);
      if (token.text === "[") return parseList(cursor, at, nesting);
      break;
    default:
  }
  throw cursor.unexpected(token, `a value (${SUPPORTED.expressions})`);
}

function parseWord(cursor: TokenCursor, at: number, word: string): Expression {
  if (cursor.isSign("(")) return parseFunction(cursor, at, word);
  switch (word) {
    case "this":
      return { at, kind: "this" };
    case "true":
    case "false":
      return { at, kind: "literal", value: word === "true" };
    case "null":
      return { at, kind: "literal", value: null };
    case "root":
      throw new MappingSyntaxError(at, "root can only be assigned to, not read; use this for the input");
  }
  throw new MappingSyntaxError(
    at,
    `${word} is not supported as a value; supported: ${SUPPORTED.expressions}${hintFor(word)}`,
  );
}

/** Bloblang has these, our subset does not. */
const FOREIGN_KEYWORDS = ["if", "match", "let", "map", "import", "meta"];

function hintFor(word: string): string {
  if (FOREIGN_KEYWORDS.includes(word)) return "";
  const called = FUNCTIONS.get(word);
  if (called !== undefined) return ` (did you mean ${called.usage}?)`;
  const near = didYouMean(word, ["this", "true", "false", "null"]);
  return near === "" ? ` (did you mean this.${word} or "${word}"?)` : near;
}

/** What follows a dot: a method, or a step of a path. */
function parseStep(cursor: TokenCursor, of: Expression, nesting: number): Expression {
  const segment = cursor.take();
  if (segment.kind === "word" && cursor.isSign("(")) {
    return parseMethod(cursor, { at: segment.at, name: segment.text, of }, () =>
      parseExpression(cursor, nesting + 1),
    );
  }
  if (segment.kind !== "word" && segment.kind !== "text") {
    throw cursor.unexpected(segment, `a name, "a name" or a method (${SUPPORTED.methods}) after the dot`);
  }
  const name = segment.kind === "word" ? segment.text : segment.value;
  return of.kind === "field"
    ? { ...of, path: [...of.path, name] }
    : { at: segment.at, kind: "field", of, path: [name] };
}

function parseParentheses(cursor: TokenCursor, nesting: number): Expression {
  cursor.skipNewlines();
  const inside = parseExpression(cursor, nesting + 1);
  cursor.skipNewlines();
  cursor.expectSign(")", ") after the value");
  return inside;
}

function parseList(cursor: TokenCursor, at: number, nesting: number): Expression {
  const items: Expression[] = [];
  parseSequence(cursor, "]", () => items.push(parseExpression(cursor, nesting + 1)));
  return { at, kind: "list", items };
}

function parseObject(cursor: TokenCursor, at: number, nesting: number): Expression {
  const entries: ObjectEntry[] = [];
  const keys = new Set<string>();
  parseSequence(cursor, "}", () => {
    const token = cursor.take();
    if (token.kind !== "word" && token.kind !== "text") throw cursor.unexpected(token, 'a key or "a key"');
    const key = token.kind === "word" ? token.text : token.value;
    if (keys.has(key)) {
      throw new MappingSyntaxError(token.at, `the key ${JSON.stringify(key)} is given twice`);
    }
    keys.add(key);
    cursor.skipNewlines();
    cursor.expectSign(":", ": after the key");
    cursor.skipNewlines();
    entries.push({ key, value: parseExpression(cursor, nesting + 1) });
  });
  return { at, kind: "object", entries };
}

/** Elements between commas up to the closing bracket; a last comma is allowed, as in Benthos. */
function parseSequence(cursor: TokenCursor, close: string, parseElement: () => void): void {
  cursor.skipNewlines();
  while (!cursor.takeSign(close)) {
    parseElement();
    cursor.skipNewlines();
    if (!cursor.takeSign(",") && !cursor.isSign(close)) {
      throw cursor.unexpected(cursor.peek(), `, or ${close}`);
    }
    cursor.skipNewlines();
  }
}
