import type { LogSequence } from "../systems/system.ts";
import type { Entry, EntryOf } from "../timeline/entry.ts";

/** One place in the record at which a sequence was followed to its end, and what should not have come did not. */
export interface SequenceMatch {
  readonly name: string;
  readonly means: string;
  readonly source: string;
  /** The execution or job that it is about. */
  readonly about: string;
  /** `seq` of the entries that make it up. */
  readonly at: readonly number[];
}

/**
 * Finds, for each execution or job, the last run of the sequence's steps in order; none if anything of
 * `neverAfter` follows its last step.
 */
export function findSequences(
  timeline: readonly Entry[],
  sequences: readonly LogSequence[],
): readonly SequenceMatch[] {
  return sequences.flatMap((sequence) => {
    const relevant = new Set([...sequence.steps, ...sequence.neverAfter]);
    const entries = timeline.filter(
      (entry): entry is EntryOf<"log"> => entry.kind === "log" && relevant.has(entry.pattern),
    );
    const bySubject = Map.groupBy(entries, (entry) => entry.fields[sequence.about] ?? "");
    bySubject.delete("");
    return [...bySubject].flatMap(([about, own]) => {
      const at = lastRun(own, sequence);
      if (at === undefined) return [];
      return [{ name: sequence.name, means: sequence.means, source: sequence.source, about, at }];
    });
  });
}

function lastRun(entries: readonly EntryOf<"log">[], sequence: LogSequence): readonly number[] | undefined {
  const at: number[] = [];
  let index = entries.length;
  // Backwards, so that it is the last run that is found.
  for (const step of sequence.steps.toReversed()) {
    index = entries.findLastIndex((entry, candidate) => candidate < index && entry.pattern === step);
    if (index === -1) return undefined;
    at.unshift(index);
  }
  const end = at.at(-1) ?? 0;
  const broken = entries.slice(end + 1).some((entry) => sequence.neverAfter.includes(entry.pattern));
  return broken ? undefined : at.map((position) => entries[position]?.seq ?? 0);
}
