import type { Duplex, Readable } from "node:stream";
import type Docker from "dockerode";
import type { HarnessClock } from "../../time/clock.ts";
import { wanting } from "./api-errors.ts";
import { createFrameReader, type Frame } from "./logs/frames.ts";
import { createLineSplitter } from "./logs/lines.ts";

export interface LogLine {
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}

/** What a container prints from one start to its end. */
export interface AttachedLog {
  /** Resolves once the stream is over and its last line has been told. */
  readonly over: Promise<LogEnd>;
  isOpen(): boolean;
  /** The same, but gives the stream up after `withinMs`. To be called once the container has ended. */
  overWithin(withinMs: number): Promise<LogEnd>;
  /** Lets go of the stream: for a container that never started, whose stream would stay open. */
  drop(): void;
}

/** `broke` says how lines may have been lost. */
export interface LogEnd {
  readonly broke?: string;
}

/**
 * Listens to everything a container will print. To be called *before* `start`: attached so, not one line is lost over
 * `rm -f`, not even with a slow reader (the engine hands over what it holds before it closes the stream), while
 * fetching the log before the removal lost some every time.
 */
export async function attachLog(
  container: Docker.Container,
  name: string,
  to: { readonly clock: HarnessClock; onLine(line: LogLine): void },
): Promise<AttachedLog> {
  const stream = (await wanting(
    `listen to ${name}`,
    container.attach({ stream: true, stdout: true, stderr: true, hijack: true }),
  )) as Duplex;
  const splitters = {
    stdout: createLineSplitter((text) => to.onLine({ stream: "stdout", text })),
    stderr: createLineSplitter((text) => to.onLine({ stream: "stderr", text })),
  };
  return readLog(stream, to.clock, {
    onFrame: (frame) => splitters[frame.stream].write(frame.bytes),
    onEnd: () => {
      splitters.stdout.end();
      splitters.stderr.end();
    },
  });
}

/** Reads what the engine sends of a log, frame by frame, until it ends or somebody lets go of it. */
export function readLog(
  stream: Readable,
  clock: HarnessClock,
  to: { onFrame(frame: Frame): void; onEnd(): void },
): AttachedLog {
  const frames = createFrameReader((frame) => to.onFrame(frame));
  stream.on("data", (chunk: Buffer) => frames.write(chunk));

  let broke: string | undefined;
  let dropped = false;
  let open = true;
  const closed = new Promise<void>((resolve) => {
    stream.on("error", (error) => (broke ??= error.message));
    // `end` when the engine closes it, only `close` when it breaks or is dropped.
    stream.once("end", resolve);
    stream.once("close", resolve);
  });
  const over = closed.then((): LogEnd => {
    open = false;
    // The engine has said its last word: without this the connection would stay half open.
    stream.destroy();
    if (frames.pending() > 0) broke ??= "it stopped inside a piece of output";
    to.onEnd();
    return dropped || broke === undefined ? {} : { broke };
  });

  return {
    over,
    isOpen: () => open,
    async overWithin(withinMs) {
      const giveUp = clock.after(withinMs, () => {
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
