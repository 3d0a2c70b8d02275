import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesSubject } from "./nats-protocol.ts";
import { createSubscriptions } from "./subscriptions.ts";

const TOKENS = ["_INBOX", "abc", "abd", "orders", "1"] as const;

describe("subscriptions", () => {
  it("find exactly those whose subject fits, whatever came and went before", () => {
    const aChange = fc.record({
      pattern: fc
        .tuple(
          fc.array(fc.constantFrom(...TOKENS, "*"), { minLength: 1, maxLength: 3 }),
          fc.constantFrom("", ".>"),
        )
        .map(([tokens, rest]) => tokens.join(".") + rest),
      who: fc.nat(3),
      isRemoval: fc.boolean(),
    });
    const aSubject = fc
      .array(fc.constantFrom(...TOKENS), { minLength: 1, maxLength: 4 })
      .map((tokens) => tokens.join("."));
    fc.assert(
      fc.property(fc.array(aChange, { maxLength: 30 }), aSubject, (changes, subject) => {
        const subscriptions = createSubscriptions<string>();
        const model = new Set<string>();
        for (const { pattern, who, isRemoval } of changes) {
          const subscriber = `${who} of ${pattern}`;
          if (isRemoval) subscriptions.remove(pattern, subscriber);
          else subscriptions.add(pattern, subscriber);
          if (isRemoval) model.delete(subscriber);
          else model.add(subscriber);
        }
        const expected = [...model].filter((subscriber) =>
          matchesSubject(subscriber.replace(/^\d of /, ""), subject),
        );
        expect(subscriptions.matching(subject).toSorted()).toEqual(expected.toSorted());
      }),
      { numRuns: 300 },
    );
  });

  it("of an inbox take its answers, and nothing below them", () => {
    const subscriptions = createSubscriptions<string>();
    subscriptions.add("_INBOX.abc.*", "asker");
    expect(subscriptions.matching("_INBOX.abc.1")).toEqual(["asker"]);
    expect(subscriptions.matching("_INBOX.abc")).toEqual([]);
    expect(subscriptions.matching("_INBOX.abc.1.2")).toEqual([]);
    expect(subscriptions.matching("_INBOX.abd.1")).toEqual([]);
  });

  it.each(["orders.new", "orders.*", "_INBOX.abc.*"])(
    "of %s are found in the order in which they were made",
    (pattern) => {
      const subscriptions = createSubscriptions<number>();
      for (const subscriber of [3, 1, 2]) subscriptions.add(pattern, subscriber);
      subscriptions.remove(pattern, 1);
      subscriptions.add(pattern, 1);
      expect(subscriptions.matching(pattern.replace("*", "new"))).toEqual([3, 2, 1]);
    },
  );
});
