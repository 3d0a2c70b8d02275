import type { Duplex } from "node:stream";
import type Docker from "dockerode";
import type { HarnessClock } from "../../time/clock.ts";
import { engineMessage, isGone, wanting } from "./api-errors.ts";
import { count, missed, type Told } from "./logs/catch-up.ts";
import { createFrameReader, type Frame } from "./logs/frames.ts";
import { createLineSplitter } from "./logs/lines.ts";

export interface LogLine {
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}

/** Everything that one container prints, over all its starts. */
export interface ContainerLog {
  /**
   * To be called *before* each `start`: attached so, a reader that keeps up misses nothing, while fetching the log
   * before a removal lost lines every time. What it is behind by at the end comes from the engine's log.
   */
  attach(): Promise<AttachedLog>;
}

/** The log of one start. */
export interface AttachedLog {
  /** Resolves once the container has ended and its last line has been told. */
  readonly over: Promise<LogEnd>;
  /** The same, but gives up after `withinMs`. To be called once the container has ended. */
  overWithin(withinMs: number): Promise<LogEnd>;
  /** Lets go of it: for a container that never started, whose stream would stay open. */
  drop(): void;
}

/** `broke` says how lines may have been lost. */
export interface LogEnd {
  readonly broke?: string;
}

export function createContainerLog(
  container: Docker.Container,
  name: string,
  to: { readonly clock: HarnessClock; onLine(line: LogLine): void },
): ContainerLog {
  const told = { stdout: noneTold(), stderr: noneTold() };

  async function attach(): Promise<AttachedLog> {
    const stream = (await wanting(
      `listen to ${name}`,
      container.attach({ stream: true, stdout: true, stderr: true, hijack: true }),
    )) as Duplex;
    const splitters = {
      stdout: createLineSplitter((text) => to.onLine({ stream: "stdout", text })),
      stderr: createLineSplitter((text) => to.onLine({ stream: "stderr", text })),
    };
    const take = (frame: Frame) => {
      count(told[frame.stream], frame.bytes);
      splitters[frame.stream].write(frame.bytes);
    };
    const frames = createFrameReader(take);
    stream.on("data", (chunk: Buffer) => frames.write(chunk));

    let broke: string | undefined;
    let dropped = false;
    const closed = new Promise<void>((resolve) => {
      stream.on("error", (error) => (broke ??= error.message));
      // `end` when the engine closes it, only `close` when it breaks or is dropped.
      stream.once("end", resolve);
      stream.once("close", resolve);
    });
    const over = closed.then(async (): Promise<LogEnd> => {
      // The engine has said its last word: without this the connection would stay half open.
      stream.destroy();
      if (!dropped) {
        await missed(container, told).then(
          (rest) => rest.forEach(take),
          // Gone: it was removed with force, when the whole stack goes.
          (error: unknown) => (broke ??= isGone(error) ? undefined : engineMessage(error)),
        );
      }
      splitters.stdout.end();
      splitters.stderr.end();
      return dropped || broke === undefined ? {} : { broke };
    });
    return {
      over,
      async overWithin(withinMs) {
        const giveUp = to.clock.after(withinMs, () => {
          broke ??= `it was still open ${withinMs} ms after the end`;
          stream.destroy();
        });
        try {
          return await over;
        } finally {
          giveUp.cancel();
        }
      },
      drop() {
        dropped = true;
        stream.destroy();
      },
    };
  }
  return { attach };
}

function noneTold(): Told {
  return { lines: 0, open: 0 };
}
