/** What documents are made of. Never changed once made, so that they can be shared instead of copied. */
export type Json = null | boolean | number | string | JsonList | JsonObject;
export type JsonList = readonly Json[];
export interface JsonObject {
  readonly [key: string]: Json;
}

export function isList(value: Json): value is JsonList {
  return Array.isArray(value);
}

/**
 * Follows a path of keys and list positions; null as soon as one is missing, as in Benthos.
 */
export function readPath(value: Json, path: readonly string[]): Json {
  let found = value;
  for (const key of path) {
    if (typeof found !== "object" || found === null) return null;
    // Own keys only, so that `this.constructor` is not JavaScript's. A list's own keys are its positions.
    if (!Object.hasOwn(found, key)) return null;
    if (isList(found)) {
      if (!isPosition(key)) return null;
      found = found[Number(key)] ?? null;
    } else {
      found = found[key] ?? null;
    }
  }
  return found;
}

/** Whether a key can be a position in a list: `length` is a list's own key as well. */
export function isPosition(key: string): boolean {
  return /^\d+$/.test(key);
}

/** Sets a key on an object that nobody else has seen yet. */
export function setOwn(target: Record<string, Json>, key: string, value: Json): void {
  // Plain assignment to `__proto__` would change what the object is instead of what it holds.
  if (key === "__proto__") {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    target[key] = value;
  }
}
