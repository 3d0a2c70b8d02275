import { lexText } from "./lex-text.ts";
import type { Token } from "./token.ts";
import { SUPPORTED } from "./vocabulary.ts";

const BLANK = /(?:[ \t\r]+|#[^\n]*)*/y;
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y;
const SEGMENT = /[A-Za-z0-9_]+/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?<fraction>(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)/y;
const SIGN = /=(?![=>])|[.,:{}[\]()]/y;
const OPERATOR = /[=!<>]=|[-=]>|&&|\|\||[-+*/%!<>|?$@]/y;

/** Splits a mapping into tokens; the last one is `end` or `bad`. Never throws. */
export function lex(text: string): Token[] {
  const tokens: Token[] = [];
  let at = skipBlank(text, 0);
  while (at < text.length) {
    const afterDot = isDot(tokens.at(-1));
    const { token, end } = lexOne(text, at, afterDot);
    tokens.push(token);
    if (token.kind === "bad") return tokens;
    at = skipBlank(text, end);
  }
  tokens.push({ kind: "end", at });
  return tokens;
}

interface Lexed {
  readonly token: Token;
  readonly end: number;
}

function lexOne(text: string, at: number, afterDot: boolean): Lexed {
  if (text[at] === "\n") return { token: { kind: "newline", at }, end: at + 1 };
  if (text[at] === '"') return lexText(text, at);
  // After a dot, digits are a position in a list, and `0.5` is two of them.
  const word = match(afterDot ? SEGMENT : WORD, text, at);
  if (word !== undefined) return { token: { kind: "word", at, text: word }, end: at + word.length };
  const number = match(NUMBER, text, at);
  if (number !== undefined) return lexNumber(text, at, number);
  const sign = match(SIGN, text, at);
  if (sign !== undefined) return { token: { kind: "sign", at, text: sign }, end: at + sign.length };
  return bad(at, strangeCharacter(text, at));
}

function lexNumber(text: string, at: number, digits: string): Lexed {
  const end = at + digits.length;
  const tail = match(SEGMENT, text, end);
  if (tail !== undefined) return bad(at, `${digits}${tail} is not a number; write numbers as in JSON`);
  const value = Number(digits);
  const isInteger = /^-?[0-9]+$/.test(digits);
  // Benthos counts in 64 bits; we would silently round, so such a number is refused.
  if (isInteger ? !Number.isSafeInteger(value) : !Number.isFinite(value)) {
    return bad(at, `the number ${digits} is too large to be exact; write it as text`);
  }
  return { token: { kind: "number", at, value }, end };
}

function strangeCharacter(text: string, at: number): string {
  const operator = match(OPERATOR, text, at);
  if (operator !== undefined) {
    return `${operator} is not supported: no operators, variables or metadata; supported: ${SUPPORTED.expressions}`;
  }
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  const code = `U+${(text.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  return character === "'"
    ? `text is written with double quotes, not with '`
    : `unexpected character ${JSON.stringify(character)} (${code}); names other than A-Z a-z 0-9 _ need double quotes`;
}

function skipBlank(text: string, at: number): number {
  return at + (match(BLANK, text, at)?.length ?? 0);
}

function isDot(token: Token | undefined): boolean {
  return token?.kind === "sign" && token.text === ".";
}

function bad(at: number, message: string): Lexed {
  return { token: { kind: "bad", at, message }, end: at };
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
