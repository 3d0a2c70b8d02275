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
  // An inbox pattern (`_INBOX.abc.*`) is as many as there are clients: found by its first two tokens.
  const inboxes = new Map<string, Set<S>>();
  const tableOf = (pattern: string): { readonly table: Map<string, Set<S>>; readonly key: string } => {
    if (!pattern.includes("*") && !pattern.includes(">")) return { table: exact, key: pattern };
    const inbox = inboxOf(pattern);
    return inbox !== undefined && pattern === `${inbox}.*`
      ? { table: inboxes, key: inbox }
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
      const found = [...(exact.get(subject) ?? [])];
      const inbox = inboxOf(subject);
      if (inbox !== undefined && !subject.includes(".", inbox.length + 1)) {
        found.push(...(inboxes.get(inbox) ?? []));
      }
      for (const [pattern, subscribers] of wild) {
        if (matchesSubject(pattern, subject)) found.push(...subscribers);
      }
      return found;
    },
  };
}

function inboxOf(subject: string): string | undefined {
  if (!subject.startsWith("_INBOX.")) return undefined;
  const end = subject.indexOf(".", 7);
  return end === -1 ? undefined : subject.slice(0, end);
}
