import { didYouMean } from "../near-miss.ts";
import type { Expression } from "./ast.ts";
import { MappingSyntaxError } from "./mapping-error.ts";
import type { TokenCursor } from "./token-cursor.ts";
import { FUNCTIONS, METHODS, SUPPORTED } from "./vocabulary.ts";

/** Reads a function's parentheses; `name` at offset `at` has been taken. */
export function parseFunction(cursor: TokenCursor, at: number, name: string): Expression {
  const entry = FUNCTIONS.get(name);
  if (entry === undefined) {
    const hint = didYouMean(name, FUNCTIONS.keys());
    throw new MappingSyntaxError(at, `unknown function ${name}; supported: ${SUPPORTED.functions}${hint}`);
  }
  open(cursor);
  if (entry.takes === "nothing") {
    close(cursor, entry.usage, "no argument");
    return entry.build(at);
  }
  // Benthos would also take a value known only at run time; then no check could tell what it needs.
  const argument = cursor.take();
  if (argument.kind !== "text") {
    throw cursor.unexpected(argument, `one text in double quotes, as in ${entry.usage}`);
  }
  close(cursor, entry.usage, "one argument");
  return entry.build(at, argument.value);
}

/** Reads a method's parentheses; the name has been taken. */
export function parseMethod(
  cursor: TokenCursor,
  method: { readonly at: number; readonly name: string; readonly of: Expression },
  parseArgument: () => Expression,
): Expression {
  const { at, name, of } = method;
  const entry = METHODS.get(name);
  if (entry === undefined) {
    const hint = didYouMean(name, METHODS.keys());
    throw new MappingSyntaxError(at, `unknown method ${name}; supported: ${SUPPORTED.methods}${hint}`);
  }
  open(cursor);
  if (entry.takes === "nothing") {
    close(cursor, entry.usage, "no argument");
    return entry.build(at, of);
  }
  if (cursor.isSign(")")) {
    throw cursor.unexpected(cursor.peek(), `one value, as in ${entry.usage}`);
  }
  const argument = parseArgument();
  close(cursor, entry.usage, "one argument");
  return entry.build(at, of, argument);
}

function open(cursor: TokenCursor): void {
  cursor.expectSign("(", "(");
  cursor.skipNewlines();
}

function close(cursor: TokenCursor, usage: string, takes: string): void {
  cursor.skipNewlines();
  cursor.expectSign(")", `) because ${usage} takes ${takes}`);
}
