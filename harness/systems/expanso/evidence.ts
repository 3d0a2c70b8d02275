import type { LogPattern } from "../../logs/pattern.ts";
import type { Entry, EntryOf } from "../../timeline/entry.ts";
import { ofKind } from "../../timeline/timeline.ts";
import { BROKER } from "./patterns.ts";

export type Line = EntryOf<"log">;

/** A record made ready for questions about single executions and nodes; built once, however many are asked. */
export interface Evidence {
  /** Lines of one pattern, oldest first. */
  all(pattern: LogPattern): readonly Line[];
  ofExecution(pattern: LogPattern, executionId: string): readonly Line[];
  ofNode(pattern: LogPattern, nodeId: string): readonly Line[];
  /** Lines about the node or edge of this name. */
  ofName(pattern: LogPattern, name: string): readonly Line[];
  /** The MSG that belongs to a PUB. */
  deliveryOf(pub: Line): Line | undefined;
  /** Who has ever listened on a subject, and the end of the connection if it has ended. */
  listenersOn(subject: string): readonly { readonly since: Line; readonly until: Line | undefined }[];
  /** What an edge said last of what it runs. */
  wordOf(edge: string): EntryOf<"running-on"> | undefined;
}

export function readEvidence(timeline: readonly Entry[]): Evidence {
  const byPattern = Map.groupBy(ofKind(timeline, "log"), (line) => line.pattern);
  const words = new Map(ofKind(timeline, "running-on").map((word) => [word.edge, word]));
  const all = ({ name }: LogPattern) => byPattern.get(name) ?? [];
  const deliveries = deliveriesIn(
    ofKind(timeline, "log").filter(
      ({ pattern }) => pattern === BROKER.published.name || pattern === BROKER.delivered.name,
    ),
  );
  const indexes = new Map<string, Map<string, Line[]>>();
  const by = (field: string) => (pattern: LogPattern, value: string) => {
    const key = `${field} of ${pattern.name}`;
    let index = indexes.get(key);
    if (index === undefined) {
      index = Map.groupBy(all(pattern), ({ fields }) => fields[field] ?? "");
      indexes.set(key, index);
    }
    return index.get(value) ?? [];
  };
  const onSubject = by("subject");
  const onConnection = by("cid");
  return {
    all,
    ofExecution: by("execution_id"),
    ofNode: by("node_id"),
    ofName: by("node_name"),
    deliveryOf: (pub) => deliveries.get(pub),
    listenersOn: (subject) =>
      onSubject(BROKER.subscribed, subject).map((since) => ({
        since,
        until: onConnection(BROKER.closed, since.fields["cid"] ?? "").find((line) => isAfter(line, since)),
      })),
    wordOf: (edge) => words.get(edge),
  };
}

/**
 * The MSG of a PUB is recorded before the next PUB of the same connection. Several connections may publish on
 * one subject at the same moment: then a MSG is the newest one's that has none yet.
 */
function deliveriesIn(lines: readonly Line[]): ReadonlyMap<Line, Line> {
  const deliveries = new Map<Line, Line>();
  const waiting = new Map<string, Line[]>();
  for (const line of lines) {
    const { subject = "", cid } = line.fields;
    const open = waiting.get(subject) ?? [];
    if (line.pattern === BROKER.delivered.name) {
      const pub = open.pop();
      if (pub !== undefined) deliveries.set(pub, line);
    } else {
      waiting.set(subject, [...open.filter((pub) => pub.fields["cid"] !== cid), line]);
    }
  }
  return deliveries;
}

export function isAfter(later: Entry, earlier: Entry): boolean {
  return later.atMs > earlier.atMs || (later.atMs === earlier.atMs && later.seq > earlier.seq);
}
