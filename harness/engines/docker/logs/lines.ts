import { StringDecoder } from "node:string_decoder";

/**
 * Cuts a byte stream into lines, whatever the chunks are: a chunk may end inside a line, a UTF-8 character or between
 * CR and LF. A line longer than `maxLength` (at least 2) is told in pieces, so that it cannot fill the memory.
 */
export function createLineSplitter(
  onLine: (text: string) => void,
  options: { readonly maxLength?: number } = {},
): {
  write(bytes: Buffer): void;
  /** Tells what stood after the last line break. */
  end(): void;
} {
  const { maxLength = 1 << 20 } = options;
  const decoder = new StringDecoder("utf8");
  let open = "";

  /** Tells `text` in pieces until no more than `keep` characters are left, and returns these. */
  function tellDownTo(keep: number, text: string): string {
    let rest = text;
    while (rest.length > keep) {
      const cut = isHighSurrogate(rest, maxLength - 1) ? maxLength - 1 : maxLength;
      onLine(rest.slice(0, cut));
      rest = rest.slice(cut);
    }
    return rest;
  }
  function closeLine(line: string): void {
    onLine(tellDownTo(maxLength, line.endsWith("\r") ? line.slice(0, -1) : line));
  }
  function take(text: string): void {
    let from = 0;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", from)) {
      closeLine(open + text.slice(from, at));
      open = "";
      from = at + 1;
    }
    // One more than fits, as it may be the CR of a line break whose LF is still to come.
    open = tellDownTo(maxLength + 1, open + text.slice(from));
  }
  return {
    write: (bytes) => take(decoder.write(bytes)),
    end() {
      take(decoder.end());
      if (open !== "") closeLine(open);
      open = "";
    },
  };
}

function isHighSurrogate(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0xd800 && code < 0xdc00;
}
