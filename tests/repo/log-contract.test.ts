import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLineLog } from "../../controlplane/adapters/line-log.ts";
import { formatDuration, parseDuration as parseTheirs } from "../../controlplane/pipeline/duration.ts";
import { parseLogLine } from "../../harness/logs/log-line.ts";
import { createExpansoLineReader } from "../../harness/systems/expanso/line-reader.ts";
import { PATTERNS } from "../../harness/systems/expanso/patterns.ts";
import { parseDuration, writeDuration } from "../../harness/timing/duration.ts";

/**
 * What the harness and the control plane agree on without importing each other: the log lines, and how a
 * duration is written. A message that is renamed on one side only fails here, and not as "not reproduced".
 */
const CONTROL_PLANE = fileURLToPath(new URL("../../controlplane/", import.meta.url));
/** For what is put into a message; a node id can be anything. */
const SAMPLES: Readonly<Record<string, string>> = {
  "plan.unscheduledCount": "2",
  "plan.isWaveConclusive": "false",
  trigger: "node-join",
};
const MESSAGES = loggedMessages();

describe.each(["text", "json"] as const)("each log line that the harness knows, as %s", (format) => {
  it.each(Object.values(PATTERNS).map((pattern) => [pattern.name, pattern] as const))(
    "%s is printed by the control plane",
    (_name, pattern) => {
      const machine = pattern.source === "edge" ? "edge1" : pattern.source;
      const said = MESSAGES.filter((message) =>
        readings(machine, lineOf(message, {}, format)).includes(pattern.name),
      );
      expect(said.length).toBeGreaterThan(0);
    },
  );

  it("is looked for in all that the control plane can say", () => {
    expect(MESSAGES.length).toBeGreaterThan(40);
  });
});

it.each(["text", "json"] as const)(
  "the harness reads back every field that the log prints, as %s",
  (format) => {
    const value = fc.oneof(fc.string(), fc.string({ unit: "grapheme" }), fc.integer(), fc.boolean());
    // In JSON the line's own have these names.
    const key = fc
      .stringMatching(/^[a-z][a-z_]{0,12}$/)
      .filter((name) => !["time", "level", "message"].includes(name));
    fc.assert(
      fc.property(fc.dictionary(key, value, { noNullPrototype: true }), (fields) => {
        const line = parseLogLine(lineOf("STATUS: Execution state changed", fields, format));
        expect(line).toMatchObject({ level: "INFO", timeMs: Date.UTC(2026, 10, 21) });
        expect(line?.fields).toEqual(
          Object.fromEntries(Object.entries(fields).map(([k, v]) => [k, String(v)])),
        );
      }),
    );
  },
);

it("the control plane reads every duration that the harness writes, and the other way round", () => {
  fc.assert(
    fc.property(fc.nat(1_000_000_000), (ms) => {
      expect(parseTheirs(writeDuration(ms))).toBe(ms);
      expect(parseDuration(formatDuration(ms))).toBe(ms);
    }),
  );
});

function readings(machine: string, text: string): string[] {
  return createExpansoLineReader()({ machine, text, atMs: 0 }).map(({ pattern }) => pattern.name);
}

function lineOf(
  message: string,
  fields: Record<string, string | number | boolean> = {},
  format: "text" | "json" = "text",
): string {
  let line = "";
  const now = () => "2026-11-21T00:00:00.000Z";
  createLineLog({ level: "debug", format, now, writeLine: (text) => (line = text) }).info(message, fields);
  return line;
}

/** The messages of all calls of a log in the sources, with samples in the place of what varies. */
function loggedMessages(): string[] {
  // The first argument: everything up to a comma or a bracket that stands in no text.
  const call = /\blog\.(?:debug|info|warn|error)\((?<message>(?:[^"`,()]|"[^"]*"|`[^`]*`)*)/g;
  return readdirSync(CONTROL_PLANE, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .map((file) => readFileSync(join(CONTROL_PLANE, file), "utf8"))
    .flatMap((source) => [...source.matchAll(call)].map((found) => found.groups?.["message"] ?? ""))
    .flatMap(textsOf);
}

/** A message may be joined of several texts, or be one of two. */
function textsOf(message: string): string[] {
  const texts = [...message.matchAll(/["`](?<text>[^"`]*)["`]/g)].map((found) =>
    (found.groups?.["text"] ?? "").replaceAll(/\$\{([^}]*)\}/g, (_all, name: string) => SAMPLES[name] ?? "x"),
  );
  return message.includes(" ? ") ? texts : [texts.join("")];
}
