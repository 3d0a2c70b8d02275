import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { jsonLines } from "./json-lines.ts";

it("yields every object, wherever the chunks are cut", async () => {
  const stream = new PassThrough();
  for (const chunk of ['{"a":', '1}\r\n\n{"b":2}\n{"c', '":3}']) stream.write(chunk);
  stream.end();
  expect(await Array.fromAsync(jsonLines(stream))).toEqual([{ a: 1 }, { b: 2 }, { c: 3 }]);
});

it("does not wait for a stream that is gone", async () => {
  const stream = new PassThrough();
  stream.write('{"a":1}\n');
  const reading = Array.fromAsync(jsonLines(stream));
  stream.destroy();
  await expect(reading).rejects.toThrow(/premature close/i);
});
