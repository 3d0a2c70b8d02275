import fc from "fast-check";
import { expect, it } from "vitest";
import { KNOBS, PROFILES, type Timing } from "../timing/profile.ts";
import { readMemo, writeMemo } from "./memo.ts";

const { timing } = PROFILES["fast"]!;

it("is read as it was written, whatever the shape", () => {
  const timings = fc
    .tuple(...KNOBS.map(() => fc.integer({ min: 1, max: 1e9 })))
    .map((values) => Object.fromEntries(KNOBS.map((knob, at) => [knob, values[at]])) as unknown as Timing);
  const memos = fc.record({
    system: fc.string(),
    shape: fc.record(
      {
        edges: fc.nat(50),
        timing: timings,
        fix: fc.constantFrom("none", "redispatch+pull"),
        avoid: fc.constantFrom("any-job" as const, "same-job" as const),
      },
      { requiredKeys: ["edges", "timing", "fix"] },
    ),
  });
  fc.assert(
    fc.property(memos, (memo) => {
      expect(readMemo(writeMemo(memo))).toEqual(memo);
    }),
  );
});

it.each([
  ["none", undefined],
  ["no JSON", "2 edges"],
  ["another's", '{"edges":2}'],
  ["a knob too few", JSON.stringify({ system: "s", edges: 1, fix: "none", timing: { heartbeat: 1 } })],
  [
    "no timing that could be",
    JSON.stringify({ system: "s", edges: 1, fix: "none", timing: { ...timing, heartbeat: 0 } }),
  ],
])("is not taken for one: %s", (_what, text) => {
  expect(readMemo(text)).toBeUndefined();
});
