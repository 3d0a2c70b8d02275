import { isList, isPosition, setOwn, type Json, type JsonList, type JsonObject } from "./json.ts";
import { MappingError } from "./mapping-error.ts";

/** The document that a mapping is making. */
export interface Draft {
  root: Json;
  /** Whether `root` is an object that this mapping made itself and may therefore change in place. */
  isOwn: boolean;
}

/**
 * `root.a.b = value`: missing or null steps become objects, other values stand in the way.
 * What was there before is not changed, but copied along the path: it may be part of `this`.
 * @param path at least one step
 * @throws MappingError if a step leads into a text, number or boolean, or past the end of a list
 */
export function assignPath(draft: Draft, path: readonly string[], value: Json): void {
  const [key = ""] = path;
  const { root } = draft;
  if (isObject(root)) {
    // Assignments one after the other are the common case; one copy serves them all.
    const own = (draft.isOwn ? root : { ...root }) as Record<string, Json>;
    setOwn(own, key, path.length === 1 ? value : put(child(root, key), path, 1, value));
    draft.root = own;
    draft.isOwn = true;
  } else {
    draft.root = put(root, path, 0, value);
    draft.isOwn = root === null;
  }
}

/** A copy of `into` with `value` at `path[depth…]`. */
function put(into: Json, path: readonly string[], depth: number, value: Json): Json {
  const key = path[depth];
  if (key === undefined) return value;
  if (into === null || isObject(into)) {
    const copy: Record<string, Json> = { ...into };
    setOwn(copy, key, put(into === null ? null : child(into, key), path, depth + 1, value));
    return copy;
  }
  if (!isList(into)) {
    const what = `root${path
      .slice(0, depth)
      .map((step) => `.${step}`)
      .join("")}`;
    throw new MappingError(`${what} is a ${typeof into}, so nothing can be assigned to its ${key}`);
  }
  return putInList(into, key, (item) => put(item, path, depth + 1, value));
}

function putInList(list: JsonList, key: string, change: (item: Json) => Json): Json {
  const index = Number(key);
  const item = isPosition(key) ? list[index] : undefined;
  if (item === undefined) {
    throw new MappingError(`the list of ${list.length} has no ${key} to assign to`);
  }
  return list.with(index, change(item));
}

function child(of: JsonObject, key: string): Json {
  return Object.hasOwn(of, key) ? (of[key] ?? null) : null;
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !isList(value);
}
