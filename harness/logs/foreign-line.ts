import { stripVTControlCharacters } from "node:util";
import type { LogLine } from "./log-line.ts";
import { readFields, unquote, writeField } from "./log-fields.ts";

/**
 * The same events as other builds print them: as JSON, as `time=… level=… msg=…`, or for a terminal. All are brought
 * into one shape, so that a pattern is written once.
 */
export function parseForeignLine(text: string): LogLine | undefined {
  if (text.startsWith("{")) return fromJson(text);
  const plain = stripVTControlCharacters(text);
  return fromLogfmt(plain) ?? fromTerminal(plain);
}

const TIME_KEYS = ["time", "ts", "timestamp", "@timestamp"] as const;
const LEVEL_KEYS = ["level", "lvl", "severity"] as const;
const MESSAGE_KEYS = ["message", "msg"] as const;
const HAS_LEVEL = new RegExp(`"(?:${LEVEL_KEYS.join("|")})"`);

/** Without a level it is no log line: the pipelines of an edge print JSON, too. */
function fromJson(text: string): LogLine | undefined {
  // Most of them are a pipeline's; those need not be read.
  if (!HAS_LEVEL.test(text)) return undefined;
  const json = asObject(text);
  const level = first(json, LEVEL_KEYS);
  const message = first(json, MESSAGE_KEYS);
  if (typeof level?.value !== "string" || typeof message?.value !== "string") return undefined;
  const time = first(json, TIME_KEYS);
  const own = new Set([level.key, message.key, time?.key]);
  const others = Object.entries(json)
    .filter(([key]) => !own.has(key))
    .map(([key, value]) => [key, wordOf(value)] as const);
  return {
    timeMs: readTime(time?.value),
    level: level.value.toUpperCase(),
    rest: message.value + others.map(([key, value]) => writeField(key, value)).join(""),
    // Those that are in the message itself, as well.
    fields: { ...readFields(message.value), ...Object.fromEntries(others) },
  };
}

/** `time=2026-11-21T22:57:42.671Z level=INFO msg="HANDSHAKE: Node handshake completed" node_id=…` */
const LOGFMT = /^time=("[^"]*"|\S+)\s+level=(\w+)\s+msg=("(?:[^"\\]|\\.)*"|\S*)(.*)$/s;

function fromLogfmt(text: string): LogLine | undefined {
  const found = LOGFMT.exec(text);
  if (found === null) return undefined;
  const [, time = "", level = "", message = "", others = ""] = found;
  return lineOf(unquote(time), level, unquote(message) + others);
}

/** `2026-11-21 22:57:42.671 INF HANDSHAKE: …`, `10:57PM INF manager.go:54 > HANDSHAKE: …`, `2026-…+01:00 [info] …` */
const TERMINAL =
  /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?|\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?:[AP]M)?)(?: \|)?\s+\[?(trace|trc|debug|dbg|info|inf|warn|warning|wrn|error|err|fatal|ftl)\]?(?: \|)?\s+(?:\S+\.go:\d+ > )?(.*)$/is;

function fromTerminal(text: string): LogLine | undefined {
  const found = TERMINAL.exec(text);
  if (found === null) return undefined;
  const [, time = "", level = "", rest = ""] = found;
  return lineOf(time, level, rest);
}

function lineOf(time: string, level: string, rest: string): LogLine {
  return { timeMs: readTime(time), level: level.toUpperCase(), rest, fields: readFields(rest) };
}

const ISO = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d+))?(Z|[+-]\d\d:?\d\d)?$/;

/** Epoch milliseconds. A time without a zone is UTC, as containers have it; a time without a date is none. */
function readTime(value: unknown): number | undefined {
  if (typeof value === "number") return fromEpoch(value);
  const found = ISO.exec(typeof value === "string" ? value : "");
  if (found === null) return undefined;
  const [, date = "", time = "", fraction = "0", zone = "Z"] = found;
  const ms = Date.parse(`${date}T${time}.${fraction.slice(0, 3)}${zone.replace(/(\d\d)(\d\d)$/, "$1:$2")}`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** Seconds, milliseconds or nanoseconds: which of them is plain from how many there are. */
function fromEpoch(value: number): number {
  if (value < 1e11) return Math.round(value * 1e3);
  return value < 1e14 ? value : Math.round(value / 1e6);
}

function first(json: Readonly<Record<string, unknown>>, keys: readonly string[]) {
  const key = keys.find((candidate) => Object.hasOwn(json, candidate));
  return key === undefined ? undefined : { key, value: json[key] };
}

function wordOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function asObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === "object" && json !== null ? { ...json } : {};
  } catch {
    return {};
  }
}
