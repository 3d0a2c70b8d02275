import { parseDuration } from "../pipeline/index.ts";

/** What a reader made of the text it was given; `accepted` says what it would have taken. */
export type Reading<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly accepted: string };

/** Milliseconds from `1s`, `250ms`, `5m`. */
export function duration(atLeastMs: number): (text: string) => Reading<number> {
  return (text) => {
    const ms = parseDuration(text);
    if (ms !== undefined && ms >= atLeastMs) return { ok: true, value: ms };
    const bound = atLeastMs > 0 ? `, at least ${atLeastMs}ms` : "";
    return { ok: false, accepted: `a duration like 250ms, 1s, 5m or 1h${bound}` };
  };
}

export function oneOf<const T extends string>(...words: readonly T[]): (text: string) => Reading<T> {
  return (text) => {
    const word = words.find((candidate) => candidate === text.toLowerCase());
    return word === undefined ? { ok: false, accepted: words.join(", ") } : { ok: true, value: word };
  };
}

export function text(what: string): (given: string) => Reading<string> {
  return (given) => (given.trim() === "" ? { ok: false, accepted: what } : { ok: true, value: given.trim() });
}

export function optionalText(given: string): Reading<string | undefined> {
  return { ok: true, value: given.trim() === "" ? undefined : given.trim() };
}

export function port(given: string): Reading<number> {
  const value = /^\d+$/.test(given) ? Number(given) : Number.NaN;
  return value >= 0 && value <= 65_535
    ? { ok: true, value }
    : { ok: false, accepted: "a port from 0 to 65535" };
}

/** `k=v,k2=v2`. */
export function labels(given: string): Reading<Readonly<Record<string, string>>> {
  const entries: [string, string][] = [];
  for (const part of given.split(",").filter((piece) => piece.trim() !== "")) {
    const [key, value, ...rest] = part.split("=").map((piece) => piece.trim());
    if (key === undefined || key === "" || value === undefined || rest.length > 0) {
      return { ok: false, accepted: "labels like zone=eu,disk=ssd" };
    }
    entries.push([key, value]);
  }
  return { ok: true, value: Object.fromEntries(entries) };
}
