import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseLogLine } from "./log-line.ts";

describe("a log line", () => {
  it("is taken apart into time, level, message and fields", () => {
    const text =
      "2026-11-21T22:57:42.671Z INFO  HANDSHAKE: Node handshake completed node_id=6d03e72e node_name=edge2";
    expect(parseLogLine(text)).toEqual({
      timeMs: Date.UTC(2026, 10, 21, 22, 57, 42, 671),
      level: "INFO",
      rest: "HANDSHAKE: Node handshake completed node_id=6d03e72e node_name=edge2",
      fields: { node_id: "6d03e72e", node_name: "edge2" },
    });
  });

  it("may have fields inside its message", () => {
    const text =
      "2026-11-21T22:57:43.380Z INFO  RECONCILER: Checking rollout completion unscheduled_count=2 is_wave_conclusive=false job=new-test-job";
    expect(parseLogLine(text)?.fields).toEqual({
      unscheduled_count: "2",
      is_wave_conclusive: "false",
      job: "new-test-job",
    });
  });

  it.each([
    ["a quoted value", 'why="the pipeline runs" to=running', { why: "the pipeline runs", to: "running" }],
    [
      "a field inside a quoted value",
      'why="job=other was lost" job=mine',
      { why: "job=other was lost", job: "mine" },
    ],
    ["escaped quotes", String.raw`seen="no \"answer\"" n=1`, { seen: 'no "answer"', n: "1" }],
    ["an escaped line break", String.raw`seen="one\ntwo"`, { seen: "one\ntwo" }],
    ["an empty value", 'job="" n=1', { job: "", n: "1" }],
    ["no value", "job= n=1", { job: "", n: "1" }],
    ["a quote that never ends", 'why="the end', { why: '"the' }],
    ["= in a value", "filter=a=b", { filter: "a=b" }],
    ["a word in brackets", "(trigger=node-join)", {}],
    ["nothing", "", {}],
  ])("with %s", (_what, fields, expected) => {
    expect(parseLogLine(`2026-11-21T22:57:42Z WARN X: y ${fields}`)?.fields).toEqual(expected);
  });

  it.each([
    "",
    '{"message":"heartbeat","timestamp":"2026-11-21T22:57:43.410Z","hostname":"edge1"}',
    "[1] 2026/11/21 22:57:42.142349 [INF] Starting nats-server",
    "2026-11-21T22:57:42.671Z",
    " 2026-11-21T22:57:42.671Z INFO  HANDSHAKE: Node handshake completed",
    "    at dispatch (file:///app/orchestrator.mjs:12:3)",
  ])("is not this: %j", (text) => {
    expect(parseLogLine(text)).toBeUndefined();
  });

  it.each(["\u2028", "\u2029", "\u0085"])("may hold %j, which ends a line for some", (separator) => {
    expect(parseLogLine(`2026-11-21T22:57:42.671Z INFO  X: y a="1${separator}2"`)?.fields).toEqual({
      a: `1${separator}2`,
    });
  });

  it("that claims a time which there is not has none of its own", () => {
    expect(parseLogLine("2026-99-99T99:99:99Z INFO  X: y")).toMatchObject({
      timeMs: undefined,
      rest: "X: y",
    });
  });

  it("never throws, whatever the text", () => {
    const head = fc.constantFrom("", "2026-11-21T22:57:42.671Z INFO  ", "2026-99-99T99:99:99Z INFO  ");
    fc.assert(
      fc.property(head, fc.string(), (start, text) => {
        const line = parseLogLine(start + text);
        expect(line === undefined || line.timeMs === undefined || Number.isFinite(line.timeMs)).toBe(true);
      }),
    );
  });
});
