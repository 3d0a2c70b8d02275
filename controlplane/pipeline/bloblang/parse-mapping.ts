import type { Mapping, Statement } from "./ast.ts";
import { MappingSyntaxError } from "./mapping-error.ts";
import { MAX_STEPS, parseExpression } from "./parse-expression.ts";
import { positionAt } from "./position.ts";
import { describe, TokenCursor } from "./token-cursor.ts";
import { SUPPORTED } from "./vocabulary.ts";

export type ParsedMapping =
  | { readonly ok: true; readonly mapping: Mapping }
  | {
      readonly ok: false;
      readonly at: { readonly line: number; readonly column: number };
      readonly message: string;
    };

/** Reads the Bloblang subset of spec 1-system; tells of the first thing that is not in it. Never throws. */
export function parseMapping(text: string): ParsedMapping {
  try {
    return { ok: true, mapping: { text, statements: parseStatements(new TokenCursor(text)) } };
  } catch (error) {
    if (!(error instanceof MappingSyntaxError)) throw error;
    return { ok: false, at: positionAt(text, error.at), message: error.message };
  }
}

function parseStatements(cursor: TokenCursor): Statement[] {
  const statements: Statement[] = [];
  cursor.skipNewlines();
  while (cursor.peek().kind !== "end") {
    statements.push(parseStatement(cursor));
    const next = cursor.peek();
    if (next.kind !== "newline" && next.kind !== "end") {
      throw cursor.unexpected(next, "the end of the line after the value");
    }
    cursor.skipNewlines();
  }
  if (statements.length === 0) {
    throw new MappingSyntaxError(0, `the mapping assigns nothing; supported: ${SUPPORTED.statements}`);
  }
  return statements;
}

function parseStatement(cursor: TokenCursor): Statement {
  const start = cursor.take();
  if (start.kind !== "word" || start.text !== "root") {
    // Benthos would add the missing `root`; we ask for it, so that a misspelt keyword is not a field.
    const isField = start.kind === "word" && (cursor.isSign("=") || cursor.isSign("."));
    const hint = isField && start.text !== "this" ? ` (did you mean root.${start.text}?)` : "";
    throw new MappingSyntaxError(
      start.at,
      `a statement starts with root, saw ${describe(start)}; supported: ${SUPPORTED.statements}${hint}`,
    );
  }
  const path = parseTarget(cursor);
  cursor.expectSign("=", "= after what is assigned to");
  cursor.skipNewlines();
  return { at: start.at, path, value: parseExpression(cursor) };
}

function parseTarget(cursor: TokenCursor): string[] {
  const path: string[] = [];
  while (cursor.takeSign(".")) {
    const segment = cursor.take();
    if (path.length >= MAX_STEPS) {
      throw new MappingSyntaxError(segment.at, `the path is longer than ${MAX_STEPS} steps`);
    }
    if (segment.kind === "word") path.push(segment.text);
    else if (segment.kind === "text") path.push(segment.value);
    else throw cursor.unexpected(segment, 'a name or "a name" after the dot');
  }
  return path;
}
