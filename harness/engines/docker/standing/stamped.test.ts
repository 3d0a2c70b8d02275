import { describe, expect, it } from "vitest";
import { createResumption, secondsOf, stampedLines } from "./stamped.ts";

const AT = (nanos: number) => `2026-11-22T05:14:00.${String(nanos).padStart(9, "0")}Z`;

describe("a log with the engine's times", () => {
  it("is cut into lines of each stream, each with its time", () => {
    const log = Buffer.concat([
      frame(1, `${AT(1)} one\n`),
      frame(2, `${AT(2)} two\n`),
      frame(1, `${AT(3)} three: a b\n`),
    ]);
    expect(stampedLines(log)).toEqual([
      { stamp: AT(1), stream: "stdout", text: "one" },
      { stamp: AT(2), stream: "stderr", text: "two" },
      { stamp: AT(3), stream: "stdout", text: "three: a b" },
    ]);
  });

  it("a line that the engine has in pieces is one, and one that never ended is told", () => {
    const log = Buffer.concat([
      frame(1, `${AT(1)} be`),
      frame(1, `${AT(2)} gin\n`),
      frame(1, `${AT(3)} end`),
    ]);
    expect(stampedLines(log)).toEqual([
      { stamp: AT(2), stream: "stdout", text: "begin" },
      { stamp: AT(3), stream: "stdout", text: "end" },
    ]);
  });
});

describe("reading on", () => {
  it("tells every line once, also where several have the time of the last one", () => {
    const all = [line(1, "a"), line(2, "b"), line(2, "c"), line(2, "d"), line(3, "e")];
    for (let read = 0; read <= all.length; read += 1) {
      const resumption = createResumption(all.slice(0, read));
      // As the engine answers: from that time on, inclusively.
      const rest = all.filter(({ stamp }) => stamp >= (resumption.since() ?? ""));
      resumption.begin();
      expect(
        rest.filter((each) => resumption.isNew(each)),
        `after ${read}`,
      ).toEqual(all.slice(read));
      // And once more: there is nothing new.
      const last = all.filter(({ stamp }) => stamp >= (resumption.since() ?? ""));
      resumption.begin();
      expect(last.filter((each) => resumption.isNew(each))).toEqual([]);
    }
  });

  it("asks to the nanosecond", () => {
    expect(secondsOf(AT(123_456_789))).toBe(`${Date.UTC(2026, 10, 22, 5, 14) / 1_000}.123456789`);
    expect(secondsOf("2026-11-22T05:14:00Z")).toBe(`${Date.UTC(2026, 10, 22, 5, 14) / 1_000}.000000000`);
    expect(secondsOf("2026-11-22T05:14:00.5Z")).toBe(`${Date.UTC(2026, 10, 22, 5, 14) / 1_000}.500000000`);
  });
});

function line(nanos: number, text: string) {
  return { stamp: AT(nanos), stream: "stdout" as const, text };
}

function frame(stream: 1 | 2, text: string): Buffer {
  const bytes = Buffer.from(text);
  const head = Buffer.alloc(8);
  head[0] = stream;
  head.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([head, bytes]);
}
