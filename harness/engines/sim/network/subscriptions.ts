import { matchesSubject } from "./nats-protocol.ts";

/** Who subscribes to what; finding the subscribers of a subject does not look at all others. */
export interface Subscriptions<S> {
  add(pattern: string, subscriber: S): void;
  remove(pattern: string, subscriber: S): void;
  /** In the order in which they subscribed. */
  matching(subject: string): S[];
}

export function createSubscriptions<S>(): Subscriptions<S> {
  const exact = new Map<string, Set<S>>();
  const wild = new Map<string, Set<S>>();
  // By what stands before the last token: of `_INBOX.abc.*` there are as many as there are clients.
  const families = new Map<string, Set<S>>();
  const tableOf = (pattern: string): { readonly table: Map<string, Set<S>>; readonly key: string } => {
    if (!isWild(pattern)) return { table: exact, key: pattern };
    const family = familyOf(pattern);
    return pattern.endsWith(".*") && !isWild(family)
      ? { table: families, key: family }
      : { table: wild, key: pattern };
  };
  return {
    add: (pattern, subscriber) => {
      const { table, key } = tableOf(pattern);
      const set = table.get(key);
      if (set === undefined) table.set(key, new Set([subscriber]));
      else set.add(subscriber);
    },
    remove: (pattern, subscriber) => {
      const { table, key } = tableOf(pattern);
      const set = table.get(key);
      set?.delete(subscriber);
      if (set?.size === 0) table.delete(key);
    },
    matching: (subject) => {
      const found = [...(exact.get(subject) ?? []), ...(families.get(familyOf(subject)) ?? [])];
      for (const [pattern, subscribers] of wild) {
        if (matchesSubject(pattern, subject)) found.push(...subscribers);
      }
      return found;
    },
  };
}

function isWild(pattern: string): boolean {
  return pattern.includes("*") || pattern.includes(">");
}

/** All but the last token. */
function familyOf(subject: string): string {
  return subject.slice(0, Math.max(0, subject.lastIndexOf(".")));
}
