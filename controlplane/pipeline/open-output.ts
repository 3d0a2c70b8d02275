import type { Host } from "../ports/host.ts";
import type { Json } from "./bloblang/json.ts";
import type { Output } from "./checked-pipeline.ts";

/** Where a pipeline's documents end: one line each on standard output, or nowhere. */
export function openOutput(output: Output, host: Host): (document: Json) => void {
  switch (output.kind) {
    case "drop":
      return () => {};
    case "stdout":
      return (document) => {
        // As in Benthos, a text is the message itself, without quotes.
        if (typeof document !== "string") host.writeLine(JSON.stringify(document));
        else for (const line of document.split("\n")) host.writeLine(line);
      };
  }
}
