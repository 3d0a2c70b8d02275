import { parseLogLine } from "../../logs/log-line.ts";
import type { LogPattern } from "../../logs/pattern.ts";
import type { LineReader } from "../system.ts";
import { createBrokerRecordReader } from "./broker-record.ts";
import { PATTERNS } from "./patterns.ts";
import { roleOf } from "./machines.ts";

/** Turns the lines of nats, orchestrator and edges into readings. */
export function createExpansoLineReader(): LineReader {
  const readBroker = createBrokerRecordReader();
  const bySource = Map.groupBy<string, LogPattern>(Object.values(PATTERNS), (pattern) => pattern.source);
  return (line) => {
    const role = roleOf(line.machine);
    if (role === "nats") return readBroker(line);
    const parsed = parseLogLine(line.text);
    if (parsed === undefined) return [];
    for (const pattern of bySource.get(role) ?? []) {
      const match = pattern.match.exec(parsed.rest);
      if (match === null) continue;
      return [
        {
          pattern,
          machine: line.machine,
          timeMs: parsed.timeMs ?? line.atMs,
          text: line.text,
          fields: { ...parsed.fields, ...match.groups },
        },
      ];
    }
    return [];
  };
}
