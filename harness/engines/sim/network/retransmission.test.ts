import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arrivalAfterCut } from "./retransmission.ts";

describe("a segment that was sent into a cut link", () => {
  it.each([
    ["100 ms", 100, 200],
    ["0.2 s", 200, 200],
    ["0.25 s", 250, 600],
    ["1 s", 1_000, 1_400],
    // Seen on Docker: published as a 2 s cut began, it arrived 1 to 1.4 s after the heal.
    ["2 s", 2_000, 3_000],
    ["10 s", 10_000, 12_600],
  ])("arrives, if the cut lasts %s, with the first retry after it", (_what, healedMs, arrivesMs) => {
    expect(arrivalAfterCut(0, healedMs)).toBe(arrivesMs);
  });

  it("arrives after the heal, and before the cut has lasted twice as long, but for the first retry", () => {
    fc.assert(
      fc.property(fc.nat(20_000), fc.nat(30_000), (sentMs, cutMs) => {
        const arrivesMs = arrivalAfterCut(sentMs, sentMs + cutMs);
        expect(arrivesMs).toBeGreaterThanOrEqual(sentMs + cutMs);
        expect(arrivesMs).toBeLessThanOrEqual(sentMs + 2 * cutMs + 200);
      }),
    );
  });
});
