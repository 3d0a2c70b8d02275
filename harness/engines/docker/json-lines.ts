import type { Readable } from "node:stream";
import { createLineSplitter } from "./logs/lines.ts";

/**
 * The engine's answers that go on for a while: one JSON object a line. Throws when the stream breaks or is destroyed
 * (node's own readline would wait for ever).
 */
export async function* jsonLines(stream: NodeJS.ReadableStream): AsyncGenerator {
  const lines: string[] = [];
  const splitter = createLineSplitter((line) => lines.push(line));
  for await (const chunk of stream as Readable) {
    splitter.write(chunk as Buffer);
    yield* parse(lines.splice(0));
  }
  splitter.end();
  yield* parse(lines);
}

function parse(lines: readonly string[]): unknown[] {
  return lines.filter((line) => line.trim() !== "").map((line) => JSON.parse(line));
}
