import type { LogPattern } from "../logs/pattern.ts";
import { messageOf } from "../report/story.ts";
import { list } from "../text/list.ts";
import { clockTime } from "../timeline/clock-time.ts";
import type { Entry, EntryOf } from "../timeline/entry.ts";
import { ofKind } from "../timeline/timeline.ts";

/** Columns before the message of a line. */
export const LOG_INDENT = 9;

/** The lines that matter, each message once: when it came first, about what it was, and what it means. */
export function logDigest(entries: readonly Entry[], patterns: readonly LogPattern[]): readonly string[] {
  const known = new Map(patterns.map((pattern) => [pattern.name, pattern]));
  const told = ofKind(entries, "log").filter((entry) => known.get(entry.pattern)?.tell === true);
  const groups = Map.groupBy(
    told.toSorted((a, b) => a.atMs - b.atMs),
    messageOf,
  );
  return [...groups].flatMap(([message, lines]) => {
    const [first] = lines;
    if (first === undefined) return [];
    const subjects = [...new Set(lines.map(subjectOf))].filter((subject) => subject !== "");
    return [
      `${clockTime(first).padStart(7)}  ${message}`,
      ...(subjects.length === 0 ? [] : [`${INDENT}${list(subjects)}`]),
      `${INDENT}${known.get(first.pattern)?.means ?? ""}`,
    ];
  });
}

/** Every line that a pattern knows, as it was printed, with what it means. */
export function logInFull(entries: readonly Entry[], patterns: readonly LogPattern[]): readonly string[] {
  const known = new Map(patterns.map((pattern) => [pattern.name, pattern]));
  return ofKind(entries, "log").flatMap((entry) => [
    `  ${entry.machine}: ${entry.text}`,
    `    ${known.get(entry.pattern)?.means ?? ""}`,
  ]);
}

const INDENT = " ".repeat(LOG_INDENT);

function subjectOf({ fields, machine }: EntryOf<"log">): string {
  const { node_name: node, job, execution_id: execution } = fields;
  const where = node ?? (execution === undefined ? undefined : machine);
  return [job, where].filter((part) => part !== undefined).join(" on ");
}
