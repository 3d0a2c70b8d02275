import fc from "fast-check";
import { expect, it } from "vitest";
import { createFrameReader } from "./frames.ts";

it("takes both streams apart, however the bytes are cut into chunks", () => {
  const frame = fc.record({
    stream: fc.constantFrom("stdout" as const, "stderr" as const),
    text: fc.string({ maxLength: 300 }),
  });
  fc.assert(
    fc.property(fc.array(frame), fc.integer({ min: 1, max: 400 }), (frames, chunkSize) => {
      const bytes = Buffer.concat(frames.map(({ stream, text }) => encode(stream, text)));
      const seen: unknown[] = [];
      const reader = createFrameReader(({ stream, bytes: content }) =>
        seen.push({ stream, text: content.toString() }),
      );
      for (let at = 0; at < bytes.length; at += chunkSize) reader.write(bytes.subarray(at, at + chunkSize));
      expect(seen).toEqual(frames);
      expect(reader.pending()).toBe(0);
    }),
  );
});

it("knows that a frame has not come to its end", () => {
  const reader = createFrameReader(() => {});
  reader.write(encode("stdout", "whole"));
  reader.write(encode("stdout", "cut off").subarray(0, 10));
  expect(reader.pending()).toBe(10);
});

function encode(stream: "stdout" | "stderr", text: string): Buffer {
  const content = Buffer.from(text);
  const header = Buffer.alloc(8);
  header[0] = stream === "stdout" ? 1 : 2;
  header.writeUInt32BE(content.length, 4);
  return Buffer.concat([header, content]);
}
