import type { Entry, EntryBody, EntryOf } from "./entry.ts";

/** Collects entries as they come in; several machines' lines may arrive out of order. */
export interface TimelineRecorder {
  record(atMs: number, body: EntryBody): Entry;
  /** Everything so far, in order of time; what happened at the same moment stays in order of arrival. */
  entries(): readonly Entry[];
}

export function createTimelineRecorder(onEntry: (entry: Entry) => void): TimelineRecorder {
  const entries: Entry[] = [];
  let sorted = true;
  return {
    record: (atMs, body) => {
      const entry: Entry = { seq: entries.length + 1, atMs, ...body };
      const last = entries.at(-1);
      if (last !== undefined && last.atMs > atMs) sorted = false;
      entries.push(entry);
      onEntry(entry);
      return entry;
    },
    entries: () => {
      if (!sorted) {
        entries.sort((a, b) => a.atMs - b.atMs || a.seq - b.seq);
        sorted = true;
      }
      return entries;
    },
  };
}

/** The entries of one kind, typed. */
export function ofKind<K extends Entry["kind"]>(timeline: readonly Entry[], kind: K): EntryOf<K>[] {
  return timeline.filter((entry): entry is EntryOf<K> => entry.kind === kind);
}

/** The log entries of one pattern, oldest first. */
export function logged(timeline: readonly Entry[], pattern: string): EntryOf<"log">[] {
  return ofKind(timeline, "log").filter((entry) => entry.pattern === pattern);
}
