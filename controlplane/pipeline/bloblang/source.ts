import type { Json } from "./json.ts";

/** What `this` is in a mapping, or why there is none. */
export type Source = Json | NoSource;

export class NoSource {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

const NO_DOCUMENT = new NoSource("this cannot be read in an input: there is no message yet");

/**
 * The input of a mapping. As in Benthos, a text between two steps is a message's raw content: the next
 * step reads it as JSON, and if it is none, can still write, but not read it.
 */
export function sourceOf(document: Json | undefined): Source {
  if (document === undefined) return NO_DOCUMENT;
  if (typeof document !== "string") return document;
  try {
    return JSON.parse(document) as Json;
  } catch {
    return new NoSource("this cannot be read: the message is a text, and not JSON");
  }
}
