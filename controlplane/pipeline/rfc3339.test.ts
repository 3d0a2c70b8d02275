import fc from "fast-check";
import { expect, it } from "vitest";
import { formatRfc3339 } from "./rfc3339.ts";

it.each([
  [0, "1970-01-01T00:00:00.000Z"],
  [-1, "1969-12-31T23:59:59.999Z"],
  [951_782_400_000, "2000-02-29T00:00:00.000Z"],
  [1_709_164_799_999, "2024-02-28T23:59:59.999Z"],
  [1_709_251_199_000, "2024-02-29T23:59:59.000Z"],
  [1_709_251_200_000, "2024-03-01T00:00:00.000Z"],
  [4_107_542_400_000, "2100-03-01T00:00:00.000Z"],
  [1_770_091_506_007, "2026-02-03T04:05:06.007Z"],
  [1_770_091_506_007.9, "2026-02-03T04:05:06.007Z"],
  [253_402_300_799_999, "9999-12-31T23:59:59.999Z"],
  [-62_167_219_200_000, "0000-01-01T00:00:00.000Z"],
])("writes %d ms as %s", (epochMs, text) => {
  expect(formatRfc3339(epochMs)).toBe(text);
});

it("agrees with the platform's own calendar", () => {
  // In Sweden dates are written as in ISO 8601.
  const calendar = new Intl.DateTimeFormat("sv-SE", {
    timeZone: "UTC",
    dateStyle: "short",
    timeStyle: "medium",
  });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 253_402_300_799_999 }), (epochMs) => {
      const milliseconds = String(epochMs % 1_000).padStart(3, "0");
      const expected = `${calendar.format(epochMs).replace(" ", "T")}.${milliseconds}Z`;
      expect(formatRfc3339(epochMs)).toBe(expected);
    }),
  );
});
