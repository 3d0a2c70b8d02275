import type { LogPattern, LogReading } from "../logs/pattern.ts";
import { messageOf } from "../report/story.ts";
import type { Signals } from "../systems/system.ts";
import type { Entry, EntryOf } from "../timeline/entry.ts";
import { ofKind } from "../timeline/timeline.ts";

/** What can change the fate of a message, in the order in which it happens in a run. */
export const LANDMARKS = ["killed", "disconnected", "handshake", "ready"] as const;
export type LandmarkName = (typeof LANDMARKS)[number];

export interface Landmark {
  readonly name: LandmarkName;
  /** Milliseconds after the kill. */
  readonly atMs: number;
  /** What was logged then, without time and fields. */
  readonly message: string;
  /** The line as it was logged. */
  readonly line: string;
}

/** What one run logged of the moments that matter. */
export interface RunLandmarks {
  /** When `DISPATCH: Attempting` was logged for the job under test, in milliseconds after the kill. */
  readonly dispatchedMs: number;
  /** In order of time. */
  readonly landmarks: readonly Landmark[];
  /** The last of them that was logged before the message was sent or refused. */
  readonly passed: LandmarkName | undefined;
}

/**
 * Reads off a run's record when the dispatch was tried and what happened around it. The kill is the moment at
 * which the broker recorded that the edge's connection was gone: from there on nobody listens. Undefined where
 * the record has no kill or no dispatch. Pure.
 */
export function landmarksOf(
  timeline: readonly Entry[],
  at: { readonly signals: Signals; readonly patterns: readonly LogPattern[] },
): RunLandmarks | undefined {
  const { signals } = at;
  const patterns = new Map(at.patterns.map((pattern) => [pattern.name, pattern]));
  const readings = ofKind(timeline, "log").flatMap((entry) => {
    const pattern = patterns.get(entry.pattern);
    return pattern === undefined ? [] : [{ entry, reading: readingOf(entry, pattern) }];
  });
  const killAsked = ofKind(timeline, "step").find(({ verb }) => verb === "kill");
  const job = ofKind(timeline, "claim").at(-1)?.job;
  if (killAsked === undefined || job === undefined) return undefined;
  const firstAfter = (sinceMs: number, is: (reading: LogReading) => boolean) =>
    readings.find(({ entry, reading }) => entry.atMs >= sinceMs && is(reading))?.entry;
  const killed = firstAfter(killAsked.atMs, (line) => signals.brokerConnection(line)?.change === "closed");
  const sent = firstAfter(0, (line) => signals.dispatchTo(line, job) !== undefined);
  if (killed === undefined || sent === undefined) return undefined;
  const sentAt = timeline.indexOf(sent);
  const attemptedAtMs = signals.lastDispatchMs(timeline.slice(0, sentAt), job) ?? sent.atMs;
  const lines: Readonly<Record<LandmarkName, EntryOf<"log"> | undefined>> = {
    killed,
    disconnected: firstAfter(killed.atMs, (line) => signals.nodeLeft(line)?.state === "disconnected"),
    handshake: firstAfter(killed.atMs, (line) => signals.handshakeWith(line) !== undefined),
    ready: firstAfter(killed.atMs, (line) => signals.nodeReady(line) !== undefined),
  };
  const seen = LANDMARKS.flatMap((name) => {
    const entry = lines[name];
    return entry === undefined ? [] : [{ name, entry }];
  });
  return {
    dispatchedMs: attemptedAtMs - killed.atMs,
    landmarks: seen.map(({ name, entry }) => ({
      name,
      atMs: entry.atMs - killed.atMs,
      message: messageOf(entry),
      line: entry.text,
    })),
    // In the same millisecond the order of the lines decides.
    passed: seen.findLast(({ entry }) => timeline.indexOf(entry) < sentAt)?.name,
  };
}

/** What is to become of a message that was sent at this moment. */
export type Fate =
  | { readonly kind: "arrives" }
  | { readonly kind: "lost"; readonly loss: "L1" | "L2" | "L3" }
  /** The edge died with it on its way: whether it was still read is a matter of luck. */
  | { readonly kind: "in-flight" };

/**
 * What becomes of the message as the run's own lines have it (spec 1-system): L1 while nobody has noticed, L2
 * from `disconnected` on, L3 from the handshake on, nothing is lost once the data plane is ready. Undefined where
 * the run does not tell when the stretch ended in which it was sent.
 */
export function fateOf({ dispatchedMs, landmarks, passed }: RunLandmarks): Fate | undefined {
  const next = LANDMARKS[passed === undefined ? 0 : LANDMARKS.indexOf(passed) + 1];
  if (next !== undefined && landmarks.every(({ name }) => name !== next)) return undefined;
  if (passed !== undefined) return AFTER[passed];
  return { kind: dispatchedMs > -IN_FLIGHT_MS ? "in-flight" : "arrives" };
}

/** From the end of a process to the broker's record of it, with what was handed to it meanwhile. */
const IN_FLIGHT_MS = 10;

const AFTER: Readonly<Record<LandmarkName, Fate>> = {
  killed: { kind: "lost", loss: "L1" },
  disconnected: { kind: "lost", loss: "L2" },
  handshake: { kind: "lost", loss: "L3" },
  ready: { kind: "arrives" },
};

function readingOf(entry: EntryOf<"log">, pattern: LogPattern): LogReading {
  return { pattern, machine: entry.machine, timeMs: entry.atMs, fields: entry.fields, text: entry.text };
}
