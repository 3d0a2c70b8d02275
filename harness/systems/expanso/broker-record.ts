import type { LogReading } from "../../logs/pattern.ts";
import { BROKER } from "./patterns.ts";

/** Only what goes to nodes is evidence; heartbeats and answers would bury it. */
const SUBJECT_OF_NODE = /^expanso\.node\.(?<nodeId>[^.]+)\.in$/;

const LINE =
  /^\[\d+\] (?<time>\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d\.\d+) \[[A-Z]+\] (?:\S+) - (?<cid>cid:\d+) - (?<rest>.*)$/;
const CONNECT = /^<<- \[CONNECT \{.*?"name":"(?<client>[^"]*)"/;
const CLOSED = /^"[^"]*:(?<client>[^:"]*)" - Client connection closed: (?<why>.*)$/;
const PUB = /^"[^"]*" - <<- \[PUB (?<subject>\S+) (?:(?<reply>\S+) )?(?<size>\d+)\]$/;
const PAYLOAD = /^"[^"]*" - <<- MSG_PAYLOAD: \["(?<payload>.*)"\]$/;
const MSG = /^"[^"]*:(?<client>[^:"]*)" - ->> \[MSG (?<subject>\S+) \S+ (?:\S+ )?\d+\]$/;
const EXECUTION = /execution_id\\?":\\?"(?<id>[^"\\]+)/;

/**
 * Reads nats-server's own record (`-DV`). A PUB and its payload come as two lines of one connection, and the
 * deliveries of that very message follow before the server reads the next one: so a PUB on a subject with no
 * MSG on it before the next PUB there went to nobody (spec 5-quality, "Facts about Docker").
 */
export function createBrokerRecordReader(): (line: {
  readonly machine: string;
  readonly text: string;
  readonly atMs: number;
}) => readonly LogReading[] {
  const publishing = new Map<string, LogReading>();
  return ({ machine, text, atMs }) => {
    if (!isWorthReading(text, publishing.size > 0)) return [];
    const head = LINE.exec(text)?.groups;
    if (head === undefined) return [];
    const rest = head["rest"] ?? "";
    const cid = (head["cid"] ?? "").replace("cid:", "");
    const timeMs = parseTime(head["time"] ?? "") ?? atMs;
    const reading = (
      pattern: LogReading["pattern"],
      fields: Record<string, string | undefined>,
    ): LogReading => ({
      pattern,
      machine,
      timeMs,
      text,
      fields: { cid, ...definedOnly(fields) },
    });

    const payload = PAYLOAD.exec(rest)?.groups?.["payload"];
    if (payload !== undefined) {
      const pub = publishing.get(cid);
      publishing.delete(cid);
      if (pub === undefined) return [];
      const execution = EXECUTION.exec(payload)?.groups?.["id"];
      return [{ ...pub, fields: { ...pub.fields, ...definedOnly({ execution_id: execution }) } }];
    }
    const pub = PUB.exec(rest)?.groups;
    if (pub !== undefined) {
      const nodeId = SUBJECT_OF_NODE.exec(pub["subject"] ?? "")?.groups?.["nodeId"];
      if (nodeId === undefined) return [];
      // Told with its payload, which is the next line of this connection.
      publishing.set(cid, reading(BROKER.published, { subject: pub["subject"], node_id: nodeId }));
      return [];
    }
    const msg = MSG.exec(rest)?.groups;
    if (msg !== undefined) {
      const nodeId = SUBJECT_OF_NODE.exec(msg["subject"] ?? "")?.groups?.["nodeId"];
      if (nodeId === undefined) return [];
      return [reading(BROKER.delivered, { subject: msg["subject"], node_id: nodeId, client: msg["client"] })];
    }
    const connect = CONNECT.exec(rest)?.groups;
    if (connect !== undefined) return [reading(BROKER.opened, { client: connect["client"] })];
    const closed = CLOSED.exec(rest)?.groups;
    if (closed !== undefined)
      return [reading(BROKER.closed, { client: closed["client"], why: closed["why"] })];
    return [];
  };
}

/** Nearly every line is a heartbeat: those are told apart in one pass, without taking them to pieces. */
function isWorthReading(text: string, payloadIsDue: boolean): boolean {
  return WORTH_READING.test(text) || (payloadIsDue && text.includes("MSG_PAYLOAD"));
}

const WORTH_READING = /\[(?:PUB|MSG) expanso\.node\.|\[CONNECT |Client connection closed/;

/** `2026/11/21 22:43:31.543929`, in UTC as containers have it. */
function parseTime(text: string): number | undefined {
  const ms = Date.parse(`${text.replaceAll("/", "-").replace(" ", "T")}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

function definedOnly(fields: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined),
  );
}
