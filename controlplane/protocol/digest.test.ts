import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { digestOf } from "./digest.ts";

const live = fc.uniqueArray(
  fc.record({ executionId: fc.uuid(), state: fc.constantFrom("pending" as const, "running" as const) }),
  { selector: (entry) => entry.executionId, maxLength: 12 },
);

describe("the digest of an edge's executions", () => {
  it("does not depend on their order", () => {
    fc.assert(
      fc.property(live, (entries) => {
        expect(digestOf(entries.toReversed())).toBe(digestOf(entries));
      }),
    );
  });

  it("differs when one is missing, or is in another state", () => {
    fc.assert(
      fc.property(live, ([first, ...others]) => {
        fc.pre(first !== undefined);
        const all = digestOf([first, ...others]);
        expect(digestOf(others)).not.toBe(all);
        const state = first.state === "running" ? "pending" : "running";
        expect(digestOf([{ ...first, state }, ...others])).not.toBe(all);
      }),
    );
  });
});
