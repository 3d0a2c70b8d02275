/** What a container wrote, as the engine frames it on a stream without a terminal. */
export interface Frame {
  readonly stream: "stdout" | "stderr";
  readonly bytes: Buffer;
}

/**
 * Takes the engine's multiplexed stream apart: an 8-byte header (stream, three zeros, length) before every piece.
 * dockerode has one of these too; it copies what is left of its buffer for every frame, which a chatty broker feels.
 */
export function createFrameReader(onFrame: (frame: Frame) => void): {
  write(chunk: Buffer): void;
  /** Bytes of a frame that is not whole yet: more than 0 at the end means that the stream was cut off. */
  pending(): number;
} {
  let rest: Buffer = Buffer.alloc(0);
  // How much `rest` must hold before anything can be read from it: saves joining for every chunk of a large frame.
  let wanted = HEADER;
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  return {
    write(chunk) {
      waiting.push(chunk);
      waitingBytes += chunk.length;
      if (waitingBytes < wanted) return;
      rest = waiting.length === 1 ? chunk : Buffer.concat(waiting);
      let at = 0;
      wanted = HEADER;
      while (rest.length - at >= HEADER) {
        const end = at + HEADER + rest.readUInt32BE(at + 4);
        if (rest.length < end) {
          wanted = end - at;
          break;
        }
        onFrame({ stream: rest[at] === 2 ? "stderr" : "stdout", bytes: rest.subarray(at + HEADER, end) });
        at = end;
      }
      rest = rest.subarray(at);
      waiting = rest.length === 0 ? [] : [rest];
      waitingBytes = rest.length;
    },
    pending: () => waitingBytes,
  };
}

const HEADER = 8;
