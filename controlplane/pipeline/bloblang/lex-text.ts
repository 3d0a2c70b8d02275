import type { Token } from "./token.ts";

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

/** Reads the text in double quotes that starts at `at`, with the escapes of JSON. */
export function lexText(text: string, at: number): { readonly token: Token; readonly end: number } {
  const bad = (offset: number, message: string) =>
    ({ token: { kind: "bad", at: offset, message }, end: offset }) as const;

  if (text.startsWith('"""', at))
    return bad(at, 'text in """ is not supported; write it on one line with \\n');
  let value = "";
  let from = at + 1;
  for (let offset = from; offset < text.length;) {
    const character = text[offset];
    if (character === "\n") break;
    if (character !== '"' && character !== "\\") {
      offset += 1;
      continue;
    }
    value += text.slice(from, offset);
    if (character === '"') return { token: { kind: "text", at, value }, end: offset + 1 };
    const escape = readEscape(text, offset);
    if (escape === undefined) {
      const written = JSON.stringify(text.slice(offset + 1, offset + 2)).slice(1, -1);
      return bad(offset, `\\${written} is no escape; supported: \\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX`);
    }
    value += escape.value;
    offset = escape.end;
    from = offset;
  }
  return bad(at, "this text has no closing quote on its line");
}

function readEscape(text: string, at: number): { value: string; end: number } | undefined {
  const letter = text[at + 1] ?? "";
  const simple = ESCAPES.get(letter);
  if (simple !== undefined) return { value: simple, end: at + 2 };
  const hex = text.slice(at + 2, at + 6);
  if (letter !== "u" || !/^[0-9a-fA-F]{4}$/.test(hex)) return undefined;
  return { value: String.fromCharCode(Number.parseInt(hex, 16)), end: at + 6 };
}
