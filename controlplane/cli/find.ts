import { CliError } from "./cli-error.ts";

/** What people may name something by. */
export interface Identity {
  readonly id: string;
  readonly name?: string;
  readonly state: string;
}

/** Fewer characters of an id would hit by accident. */
const SHORTEST_PREFIX = 4;

/**
 * The one of `items` that `wanted` names: by id, by name, or by the beginning of an id.
 * @throws CliError if there is none, or more than one.
 */
export function findOne<T>(
  noun: "node" | "job" | "execution",
  items: readonly T[],
  wanted: string,
  identify: (item: T) => Identity,
): T {
  if (wanted === "") throw new CliError(64, `expected a ${noun}'s name or id, saw an empty text`);
  const known = items.map((item) => ({ item, ...identify(item) }));
  const ways: readonly ((candidate: Identity) => boolean)[] = [
    ({ id }) => id === wanted,
    ({ name }) => name === wanted,
    ({ id }) => wanted.length >= SHORTEST_PREFIX && (id.startsWith(wanted) || id.slice(2).startsWith(wanted)),
  ];
  const found = ways.map((way) => known.filter(way)).find((matches) => matches.length > 0) ?? [];
  const [only, another] = found;
  if (only === undefined) {
    throw new CliError(1, `there is no ${noun} "${wanted}"; see expanso-cli ${noun} list`);
  }
  if (another !== undefined) {
    const list = found.map(({ id, state }) => `${id} (${state})`).join(", ");
    throw new CliError(1, `"${wanted}" names ${found.length} ${noun}s; use an id: ${list}`);
  }
  return only.item;
}

/** `j-<uuid>`, `e-<uuid>` or a bare UUID. */
export function isFullId(text: string): boolean {
  return /^(?:[a-z]-)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}

/** The beginning of an id, enough to tell a handful of them apart: `j-1a2b3c4d`. */
export function shortId(id: string): string {
  return isFullId(id) ? id.slice(0, id.indexOf("-", 2)) : id;
}
