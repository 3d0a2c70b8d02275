import { describe, expect, it } from "vitest";
import { parseLogLine } from "./log-line.ts";

const TIME = Date.UTC(2026, 10, 21, 22, 57, 42, 671);
const ESC = "\u001b";

describe("a log line of another build", () => {
  it.each([
    [
      "JSON, as zerolog writes it",
      '{"level":"info","node_id":"6d03e72e","node_name":"edge2","time":"2026-11-21T22:57:42.671Z","message":"HANDSHAKE: Node handshake completed"}',
    ],
    [
      "JSON, as zap writes it",
      '{"level":"INFO","ts":1795301862.671,"msg":"HANDSHAKE: Node handshake completed","node_id":"6d03e72e","node_name":"edge2"}',
    ],
    [
      "JSON, as slog writes it",
      '{"time":"2026-11-21T23:57:42.671823+01:00","level":"INFO","msg":"HANDSHAKE: Node handshake completed","node_id":"6d03e72e","node_name":"edge2"}',
    ],
    [
      "JSON with the time in nanoseconds",
      '{"severity":"Info","timestamp":1795301862671000000,"message":"HANDSHAKE: Node handshake completed","node_id":"6d03e72e","node_name":"edge2"}',
    ],
    [
      "logfmt, as slog writes it",
      'time=2026-11-21T22:57:42.671Z level=INFO msg="HANDSHAKE: Node handshake completed" node_id=6d03e72e node_name=edge2',
    ],
    [
      "text with a short level",
      "2026-11-21T22:57:42.671Z INF HANDSHAKE: Node handshake completed node_id=6d03e72e node_name=edge2",
    ],
    [
      "text with a zone",
      "2026-11-22T00:57:42.671+02:00 info HANDSHAKE: Node handshake completed node_id=6d03e72e node_name=edge2",
    ],
    [
      "text without a zone",
      "2026-11-21 22:57:42,671 | INFO | HANDSHAKE: Node handshake completed node_id=6d03e72e node_name=edge2",
    ],
    [
      "text in brackets",
      "2026-11-21T22:57:42.671Z [INFO] HANDSHAKE: Node handshake completed node_id=6d03e72e node_name=edge2",
    ],
    [
      "colours, and the place in the source",
      `${ESC}[90m2026-11-21T22:57:42.671Z${ESC}[0m ${ESC}[32mINF${ESC}[0m manager.go:54 > HANDSHAKE: Node handshake completed ${ESC}[36mnode_id=${ESC}[0m6d03e72e ${ESC}[36mnode_name=${ESC}[0medge2`,
    ],
  ])("as %s", (_what, text) => {
    expect(parseLogLine(text)).toEqual({
      timeMs: TIME,
      level: expect.stringMatching(/^INFO?$/),
      rest: "HANDSHAKE: Node handshake completed node_id=6d03e72e node_name=edge2",
      fields: { node_id: "6d03e72e", node_name: "edge2" },
    });
  });

  it("with a time of day alone has no time of its own", () => {
    const line = parseLogLine("10:57PM INF NODE: leave - marked lost node_name=edge2");
    expect(line).toMatchObject({ timeMs: undefined, rest: "NODE: leave - marked lost node_name=edge2" });
  });

  it("may have fields in its message, and others beside it that are no text", () => {
    const text =
      '{"level":"info","message":"RECONCILER: Checking rollout completion unscheduled_count=2 is_wave_conclusive=false","job":"a b","tries":3,"why":null,"of":{"n":1}}';
    expect(parseLogLine(text)).toEqual({
      timeMs: undefined,
      level: "INFO",
      rest: String.raw`RECONCILER: Checking rollout completion unscheduled_count=2 is_wave_conclusive=false job="a b" tries=3 why=null of="{\"n\":1}"`,
      fields: {
        unscheduled_count: "2",
        is_wave_conclusive: "false",
        job: "a b",
        tries: "3",
        why: "null",
        of: '{"n":1}',
      },
    });
  });

  it.each([
    [
      "what a pipeline prints",
      '{"message":"heartbeat","timestamp":"2026-11-21T22:57:43.410Z","hostname":"edge1"}',
    ],
    ["a message that is no text", '{"level":"info","message":{"deep":true}}'],
    ["JSON that breaks off", '{"level":"info","message":"HANDSHAKE: Node'],
    ["a list", '["level","info"]'],
    ["a word that is no level", "2026-11-21 22:57:42 HANDSHAKE: Node handshake completed"],
    ["text that only speaks of a level", "the level=INFO msg=x"],
  ])("is not this: %s", (_what, text) => {
    expect(parseLogLine(text)).toBeUndefined();
  });
});
