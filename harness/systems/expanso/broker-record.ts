import type { LogReading } from "../../logs/pattern.ts";
import { unquoteGo } from "./go-quoted.ts";
import { BROKER } from "./patterns.ts";

/** Only requests to nodes and their reports are evidence; heartbeats and answers would bury it. */
const STATUS_SUBJECT = "expanso.orchestrator.status";
const SUBJECT_OF_NODE = /^expanso\.node\.(?<nodeId>[^.]+)\.in$/;

/** Where edges report: each on a subject of its own, which ends in its id; of other builds maybe all on one. */
export function isStatusSubject(subject = ""): boolean {
  return subject === STATUS_SUBJECT || subject.startsWith(`${STATUS_SUBJECT}.`);
}

export function nodeSubject(nodeId: string): string {
  return `expanso.node.${nodeId}.in`;
}

const LINE =
  /^\[\d+\] (?<time>\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d\.\d+) \[[A-Z]+\] (?:\S+) - (?<cid>cid:\d+) - (?<rest>.*)$/;
const CONNECT = /^<<- \[CONNECT \{.*?"name":"(?<client>[^"]*)"/;
const CLOSED = /^"[^"]*:(?<client>[^:"]*)" - Client connection closed: (?<why>.*)$/;
const SUB = /^"[^"]*:(?<client>[^:"]*)" - <<- \[SUB (?<subject>\S+) (?:\S+ )?\d+\]$/;
const PUB = /^"[^"]*" - <<- \[PUB (?<subject>\S+) (?:(?<reply>\S+) )?(?<size>\d+)\]$/;
const PAYLOAD = /^"[^"]*" - <<- MSG_PAYLOAD: \["(?<payload>.*)"\]$/;
const MSG = /^"[^"]*:(?<client>[^:"]*)" - ->> \[MSG (?<subject>\S+) \S+ (?:\S+ )?\d+\]$/;
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
  const publishing = new Map<string, { readonly reading: LogReading; readonly size: number }>();
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
      return [withContent(pub.reading, unquoteGo(payload), pub.size)];
    }
    const pub = PUB.exec(rest)?.groups;
    if (pub !== undefined) {
      const to = addressOf(pub["subject"]);
      // Told with its payload, which is the next line of this connection.
      if (to !== undefined)
        publishing.set(cid, { reading: reading(BROKER.published, { ...to }), size: Number(pub["size"]) });
      return [];
    }
    const msg = MSG.exec(rest)?.groups;
    if (msg !== undefined) {
      const to = addressOf(msg["subject"]);
      return to === undefined ? [] : [reading(BROKER.delivered, { ...to, client: msg["client"] })];
    }
    const sub = SUB.exec(rest)?.groups;
    if (sub !== undefined) {
      const of = addressOf(sub["subject"]);
      return of === undefined ? [] : [reading(BROKER.subscribed, { ...of, client: sub["client"] })];
    }
    const connect = CONNECT.exec(rest)?.groups;
    if (connect !== undefined) return [reading(BROKER.opened, { client: connect["client"] })];
    const closed = CLOSED.exec(rest)?.groups;
    if (closed !== undefined)
      return [reading(BROKER.closed, { client: closed["client"], why: closed["why"] })];
    return [];
  };
}

/** Whatever the server has received from a client, heartbeats as well: from which connection, and when. */
export function readReceived(line: {
  readonly text: string;
  readonly atMs: number;
}): { readonly id: string; readonly timeMs: number } | undefined {
  if (!line.text.includes(" - <<- [")) return undefined;
  const head = LINE.exec(line.text)?.groups;
  if (head === undefined) return undefined;
  const id = (head["cid"] ?? "").replace("cid:", "");
  return { id, timeMs: parseTime(head["time"] ?? "") ?? line.atMs };
}

/** Nearly every line is a heartbeat: those are told apart in one pass, without taking them to pieces. */
function isWorthReading(text: string, payloadIsDue: boolean): boolean {
  return WORTH_READING.test(text) || (payloadIsDue && text.includes("MSG_PAYLOAD"));
}

const WORTH_READING =
  /B expanso\.node\.|\[MSG expanso\.node\.| expanso\.orchestrator\.status[. ]|\[CONNECT |Client connection closed/;

/** Of a payload that was not printed to its last byte nothing is known. */
function withContent(pub: LogReading, payload: string, size: number): LogReading {
  if (Buffer.byteLength(payload) !== size) return pub;
  const message = asObject(payload);
  const text = (key: string) => (typeof message[key] === "string" ? message[key] : undefined);
  const said = isStatusSubject(pub.fields["subject"]) ? { state: text("state") } : { command: text("kind") };
  const fields = definedOnly({ execution_id: text("execution_id"), ...said, payload });
  return { ...pub, fields: { ...pub.fields, ...fields } };
}

function asObject(text: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === "object" && json !== null ? { ...json } : {};
  } catch {
    return {};
  }
}

function addressOf(subject = ""): { readonly subject: string; readonly node_id?: string } | undefined {
  if (isStatusSubject(subject)) return { subject };
  const nodeId = SUBJECT_OF_NODE.exec(subject)?.groups?.["nodeId"];
  return nodeId === undefined ? undefined : { subject, node_id: nodeId };
}

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
