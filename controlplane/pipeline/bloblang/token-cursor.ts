import { lex } from "./lex.ts";
import { MappingSyntaxError } from "./mapping-error.ts";
import type { Token } from "./token.ts";

/** A place between the tokens of a mapping. Everything that fails throws `MappingSyntaxError`. */
export class TokenCursor {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(text: string) {
    this.#tokens = lex(text);
  }

  /** The token that comes next; the last one (`end`) comes for ever. */
  peek(): Token {
    const token = this.#at(this.#next);
    if (token.kind === "bad") throw new MappingSyntaxError(token.at, token.message);
    return token;
  }

  take(): Token {
    const token = this.peek();
    this.#next += 1;
    return token;
  }

  /** Whether this sign comes next. */
  isSign(text: string): boolean {
    const token = this.peek();
    return token.kind === "sign" && token.text === text;
  }

  /** Takes the sign if it comes next. */
  takeSign(text: string): boolean {
    const isNext = this.isSign(text);
    if (isNext) this.#next += 1;
    return isNext;
  }

  /** Takes the sign, or fails and says what was wanted. */
  expectSign(text: string, wanted: string): void {
    if (!this.takeSign(text)) throw this.unexpected(this.peek(), wanted);
  }

  skipNewlines(): void {
    while (this.peek().kind === "newline") this.#next += 1;
  }

  /** Moves past line ends if the sign follows them: a chain of methods may go on in the next line. */
  joinLinesBefore(text: string): void {
    let ahead = this.#next;
    while (this.#at(ahead).kind === "newline") ahead += 1;
    const token = this.#at(ahead);
    if (token.kind === "sign" && token.text === text) this.#next = ahead;
  }

  unexpected(token: Token, wanted: string): MappingSyntaxError {
    return new MappingSyntaxError(token.at, `expected ${wanted}, saw ${describe(token)}`);
  }

  #at(index: number): Token {
    return this.#tokens[Math.min(index, this.#tokens.length - 1)] ?? { kind: "end", at: 0 };
  }
}

/** A token as a reader would call it. */
export function describe(token: Token): string {
  switch (token.kind) {
    case "word":
      return token.text;
    case "sign":
      return `'${token.text}'`;
    case "text":
      return JSON.stringify(token.value);
    case "number":
      return String(token.value);
    case "newline":
      return "the end of the line";
    case "end":
      return "the end of the mapping";
    case "bad":
      return token.message;
  }
}
