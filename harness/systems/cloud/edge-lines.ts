import type { MachineLine } from "../../engines/engine.ts";
import { parseLogLine } from "../../logs/log-line.ts";
import type { LogPattern } from "../../logs/pattern.ts";
import { createExpansoLineReader } from "../expanso/line-reader.ts";
import { PATTERNS } from "../expanso/patterns.ts";
import type { LineReader } from "../system.ts";

/** The handshake, as the edge tells of it: the orchestrator's own line is elsewhere. */
export const HANDSHAKE: LogPattern = {
  ...PATTERNS.handshake,
  source: "edge",
  match: /^EDGE: Handshake accepted(?= |$)/,
  means: "The orchestrator has shaken hands with the edge; its data plane may not be there yet.",
};

/** Turns the lines of edges into readings. */
export function createCloudLineReader(): LineReader {
  const read = createExpansoLineReader();
  return (line) => {
    const known = read(line);
    const parsed = known.length > 0 ? undefined : parseLogLine(line.text);
    if (parsed === undefined || !HANDSHAKE.match.test(parsed.rest)) return known;
    return [
      {
        // The same event: what is concluded from it is the same.
        pattern: PATTERNS.handshake,
        machine: line.machine,
        timeMs: parsed.timeMs ?? line.atMs,
        text: line.text,
        // Elsewhere it is known by its host name, which is the machine's.
        fields: { ...parsed.fields, node_name: line.machine },
      },
    ];
  };
}

/** What an edge says as it ends, where only a person can put right why: one line, under its own name. */
export function turnedAway({ text }: Pick<MachineLine, "text">): string | undefined {
  return /^expanso-edge: (?<why>\S.*)$/.exec(text)?.groups?.["why"];
}
