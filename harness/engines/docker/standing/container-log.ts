import type { Readable } from "node:stream";
import type Docker from "dockerode";
import type { HarnessClock } from "../../../time/clock.ts";
import type { MachineLine } from "../../engine.ts";
import { engineError, engineMessage, isGone } from "../api-errors.ts";
import { type AttachedLog, readLog } from "../logs.ts";
import {
  createStampedReader,
  type Resumption,
  secondsOf,
  stampedLines,
  type StampedLine,
} from "./stamped.ts";

/** A line, and whose it is. */
export interface OwnLine {
  readonly machine: string;
  readonly line: StampedLine;
}

const OPTIONS = { stdout: true, stderr: true, timestamps: true } as const;

/** What a container has printed so far; nothing if it is gone. */
export async function fetchLog(
  container: Docker.Container,
  machine: string,
  part: { readonly tail?: number; readonly since?: string | undefined },
): Promise<readonly OwnLine[]> {
  const log = await container
    .logs({ ...OPTIONS, follow: false, ...withSince(part.since), ...(part.tail && { tail: part.tail }) })
    .catch(unlessGone(`read the log of ${machine}`));
  return log === undefined ? [] : stampedLines(log).map((line) => ({ machine, line }));
}

/** Goes on where the resumption is, until the container ends; undefined if it is gone. */
export async function followLog(
  container: Docker.Container,
  machine: string,
  at: { readonly clock: HarnessClock; readonly resumption: Resumption; readonly since?: string | undefined },
  onLine: (line: OwnLine) => void,
): Promise<AttachedLog | undefined> {
  const { resumption } = at;
  resumption.begin();
  const stream = await container
    .logs({ ...OPTIONS, follow: true, ...withSince(resumption.since() ?? at.since) })
    .catch(unlessGone(`listen to ${machine}`));
  if (stream === undefined) return undefined;
  const reader = createStampedReader((line) => {
    if (resumption.isNew(line)) onLine({ machine, line });
  });
  return readLog(stream as Readable, at.clock, reader);
}

/** The lines of several machines, as they came one after the other. */
export function inOrder(logs: readonly (readonly OwnLine[])[]): readonly OwnLine[] {
  return logs
    .flat()
    .toSorted(({ line: a }, { line: b }) => (a.stamp < b.stamp ? -1 : a.stamp > b.stamp ? 1 : 0));
}

/** As the rest of the harness knows it, by our own clock. */
export function machineLine({ machine, line }: OwnLine, skewMs: number): MachineLine {
  return { machine, stream: line.stream, text: line.text, atMs: Date.parse(line.stamp) - skewMs };
}

/** dockerode's types want a number, which would lose the nanoseconds. */
function withSince(stamp: string | undefined): { since?: number } {
  return stamp === undefined ? {} : { since: secondsOf(stamp) as unknown as number };
}

/** One that was killed in between has nothing more to say; nor has one that is just being removed. */
function unlessGone(what: string) {
  return (error: unknown): undefined => {
    const isGoing = /dead or marked for removal/.test(engineMessage(error));
    if (!isGone(error) && !isGoing) throw engineError(what, error);
  };
}
