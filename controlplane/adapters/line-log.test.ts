import { describe, expect, it } from "vitest";
import type { LogLevel } from "../ports/log.ts";
import { createLineLog } from "./line-log.ts";

const NOW = "2026-02-03T04:05:06.007Z";

function aLog({ level = "debug", format = "text" }: { level?: LogLevel; format?: "text" | "json" } = {}) {
  const lines: string[] = [];
  const log = createLineLog({ level, format, now: () => NOW, writeLine: (line) => lines.push(line) });
  return { lines, log };
}

describe("a line", () => {
  it("is time, level, message, fields", () => {
    const { log, lines } = aLog();
    log.info("HANDSHAKE: Node handshake completed", { node_id: "n1", tries: 3, ready: false });
    log.error("plain");
    expect(lines).toEqual([
      `${NOW} INFO  HANDSHAKE: Node handshake completed node_id=n1 tries=3 ready=false`,
      `${NOW} ERROR plain`,
    ]);
  });

  it("leaves out what is not known", () => {
    const { log, lines } = aLog();
    log.info("m", { job: undefined, job_id: "j1" });
    expect(lines).toEqual([`${NOW} INFO  m job_id=j1`]);
  });

  it.each([
    ["", '""'],
    ["two words", '"two words"'],
    ["a=b", '"a=b"'],
    ['say "hi"', String.raw`"say \"hi\""`],
    ["one\ntwo", String.raw`"one\ntwo"`],
    ["tab\tbed", String.raw`"tab\tbed"`],
    ["\u2028", '"\u2028"'],
    ["e-1_2.3/4:5,(6)", "e-1_2.3/4:5,(6)"],
    ["grün", "grün"],
  ])("quotes %j where a reader would lose its end", (value, written) => {
    const { log, lines } = aLog();
    log.info("m", { value });
    expect(lines).toEqual([`${NOW} INFO  m value=${written}`]);
  });

  it("is one line, whatever a value holds", () => {
    const { log, lines } = aLog();
    log.info("m", { a: "1\r\n2", b: "\u001b[31m" });
    expect(lines.map((line) => /\p{Cc}/u.test(line))).toEqual([false]);
  });
});

describe("JSON", () => {
  it("has the same fields", () => {
    const { log, lines } = aLog({ format: "json" });
    log.warn("one\ntwo", { node_id: "n1", tries: 3, ready: false, job: undefined });
    expect(lines).toEqual([
      `{"time":"${NOW}","level":"warn","message":"one\\ntwo","node_id":"n1","tries":3,"ready":false}`,
    ]);
  });

  it("keeps time, level and message its own, whatever a field is called", () => {
    const { log, lines } = aLog({ format: "json" });
    log.info("m", { time: "t", level: "l", message: "n" });
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { time: NOW, level: "info", message: "m" },
    ]);
  });
});

describe("the level", () => {
  it.each<[LogLevel, string[]]>([
    ["debug", ["debug", "info", "warn", "error"]],
    ["info", ["info", "warn", "error"]],
    ["warn", ["warn", "error"]],
    ["error", ["error"]],
  ])("%s lets through %j", (level, expected) => {
    const { log, lines } = aLog({ level, format: "json" });
    for (const each of ["debug", "info", "warn", "error"] as const) log[each]("m");
    expect(lines.map((line) => (JSON.parse(line) as { level: string }).level)).toEqual(expected);
  });
});
