import { clockTime } from "../timeline/clock-time.ts";
import { LANES, type Lane, type SequenceEvent } from "./sequence-events.ts";

/** Columns before the first lane: the time, and half of the longest name. */
const MARGIN = 16;
/** Columns that a note at the last lane has. */
const LAST = 12;
const WIDEST_GAP = 24;

/** Draws events as a small sequence in plain characters, not wider than so many columns. Pure. */
export function drawSequence(
  events: readonly SequenceEvent[],
  options: { readonly width: number; readonly edge: string },
): readonly string[] {
  const gap = Math.min(WIDEST_GAP, Math.floor((options.width - MARGIN - LAST) / 2));
  const column = (lane: Lane) => MARGIN + LANES.indexOf(lane) * gap;
  const away = new Set<Lane>();
  const first = (lane: Lane) =>
    events.find((event) => (event.kind === "gone" || event.kind === "back") && event.at === lane);
  // Whoever only comes later is not there from the start.
  for (const lane of LANES) if (first(lane)?.kind === "back") away.add(lane);

  const lines = [names()];
  let shownMs: string | undefined;
  for (const event of events) {
    if (event.kind === "back") away.delete(event.at);
    const time = clockTime(event);
    const row = lifelines(time === shownMs ? "" : time);
    shownMs = time;
    if (event.kind === "arrow") arrow(row, event);
    else write(row, column(event.at), `${MARKS[event.kind]} ${event.text}`);
    if (event.kind === "gone") away.add(event.at);
    lines.push(row.join("").trimEnd());
  }
  return lines;

  function names(): string {
    const row = blank("");
    for (const lane of LANES) {
      const name = lane === "edge" ? options.edge : lane;
      write(row, column(lane) - Math.floor(name.length / 2), name);
    }
    return row.join("").trimEnd();
  }

  function lifelines(time: string): string[] {
    const row = blank(time);
    for (const lane of LANES) if (!away.has(lane)) row[column(lane)] = "|";
    return row;
  }

  function blank(time: string): string[] {
    return Array.from(time.padStart(8).padEnd(options.width));
  }

  function arrow(row: string[], { from, to, text }: Extract<SequenceEvent, { kind: "arrow" }>): void {
    const [left, right] = [column(from), column(to)].toSorted((a, b) => a - b) as [number, number];
    const isRightward = column(from) < column(to);
    const inner = right - left - 1;
    const label = ` ${text} `.slice(0, inner - 2);
    const before = Math.floor((inner - label.length) / 2);
    const shaft = "-".repeat(before) + label + "-".repeat(inner - before - label.length);
    write(row, left + 1, isRightward ? `${shaft.slice(0, -1)}>` : `<${shaft.slice(1)}`);
  }

  /** A text that would stand out beyond the edge of the page is cut off. */
  function write(row: string[], at: number, text: string): void {
    Array.from(text).forEach((character, index) => {
      if (at + index < options.width) row[at + index] = character;
    });
  }
}

const MARKS = { note: "*", lost: "X", gone: "X", back: "|" } as const;
