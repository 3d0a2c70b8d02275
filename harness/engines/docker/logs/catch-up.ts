import type Docker from "dockerode";
import { createFrameReader, type Frame } from "./frames.ts";

/** How much of a container's output has been told, per stream. */
export interface Told {
  /** Whole lines. */
  lines: number;
  /** Bytes of the line after them. */
  open: number;
}

/** Counts what passes by. */
export function count(told: Told, bytes: Buffer): void {
  let from = 0;
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, from)) {
    told.lines++;
    told.open = 0;
    from = at + 1;
  }
  told.open += bytes.length - from;
}

/**
 * What the engine's own log of an ended container has beyond what was told. An attached stream is cut when its
 * container ends: whatever a reader is behind by then, up to a megabyte, never arrives, but it is in the log.
 */
export async function missed(
  container: Docker.Container,
  told: Readonly<Record<Frame["stream"], Readonly<Told>>>,
): Promise<Frame[]> {
  // A buffer, although dockerode would rather see JSON; what begins with a frame header is none.
  const log = (await container.logs({ stdout: true, stderr: true, follow: false })) as unknown as Buffer;
  const left = { stdout: { ...told.stdout }, stderr: { ...told.stderr } };
  const frames: Frame[] = [];
  createFrameReader(({ stream, bytes }) => {
    const rest = skip(left[stream], bytes);
    if (rest.length > 0) frames.push({ stream, bytes: rest });
  }).write(log);
  return frames;
}

/**
 * Lines are counted rather than bytes: the log replaces what is no UTF-8 by something longer, but neither adds nor
 * drops a line break, other than one after a last line that had none.
 */
function skip(left: Told, bytes: Buffer): Buffer {
  let from = 0;
  while (left.lines > 0) {
    const at = bytes.indexOf(LF, from);
    if (at < 0) return bytes.subarray(bytes.length);
    left.lines--;
    from = at + 1;
  }
  const open = Math.min(left.open, bytes.length - from);
  left.open -= open;
  return bytes.subarray(from + open);
}

const LF = 0x0a;
