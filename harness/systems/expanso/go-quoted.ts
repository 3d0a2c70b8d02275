const ESCAPE =
  /\\(?:x(?<byte>[0-9a-f]{2})|u(?<short>[0-9a-f]{4})|U(?<long>[0-9a-f]{8})|(?<plain>[abfnrtv\\"']))/g;
const PLAIN: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  '"': '"',
  "'": "'",
};

/**
 * Undoes Go's `%q`, in which nats-server prints payloads (without the quotes around it). JSON's way of writing
 * a string is a part of it. Bytes that were no UTF-8 cannot be told from characters: no payload of ours has any.
 */
export function unquoteGo(quoted: string): string {
  return quoted.replaceAll(ESCAPE, (...match: unknown[]) => {
    const { byte, short, long, plain } = match.at(-1) as Record<string, string | undefined>;
    if (plain !== undefined) return PLAIN[plain] ?? plain;
    const code = Number.parseInt(byte ?? short ?? long ?? "fffd", 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
  });
}
