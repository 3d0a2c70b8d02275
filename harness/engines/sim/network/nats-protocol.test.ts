import { describe, expect, it } from "vitest";
import { matchesSubject } from "./nats-protocol.ts";

describe("a subscription's subject", () => {
  it.each([
    ["orders.new", "orders.new"],
    ["orders.*", "orders.new"],
    ["*.new", "orders.new"],
    ["*", "orders"],
    ["*.*.*", "a.b.c"],
    ["orders.>", "orders.new"],
    ["orders.>", "orders.new.eu.1"],
    [">", "orders"],
    ["a.*.c.>", "a.b.c.d.e"],
  ])("%s takes %s", (pattern, subject) => {
    expect(matchesSubject(pattern, subject)).toBe(true);
  });

  it.each([
    ["orders.new", "orders.old"],
    ["orders.new", "orders"],
    ["orders.*", "orders"],
    ["orders.*", "orders.new.eu"],
    ["*", "orders.new"],
    // `>` stands for at least one token.
    ["orders.>", "orders"],
    ["orders.>", "order.new"],
    ["a.*.c.>", "a.b.c"],
    ["a.*.c.>", "a.b.d.e"],
    // Only a whole token is a wildcard.
    ["orders.n*", "orders.new"],
  ])("%s does not take %s", (pattern, subject) => {
    expect(matchesSubject(pattern, subject)).toBe(false);
  });
});
