import fc from "fast-check";
import { expect, it } from "vitest";
import { unquoteGo } from "./go-quoted.ts";

it("reads what nats-server prints of characters that cannot be seen", () => {
  // As nats-server 2.9.10 prints the payload `"root = \"a\\b\"\n\t` with U+007F, U+00A0, an arrow, a face and U+200B.
  const printed = String.raw`\"root = \\\"a\\\\b\\\"\\n\\t\x7f\u00a0→😀\u200b\"`;
  expect(unquoteGo(printed)).toBe('"root = \\"a\\\\b\\"\\n\\t\u007f\u00a0→😀\u200b"');
});

it.each([
  [String.raw`\a\b\f\n\r\t\v`, "\x07\b\f\n\r\t\v"],
  [String.raw`\\n`, "\\n"],
  [String.raw`\U0001f600`, "😀"],
  [String.raw`\Uffffffff`, "\ufffd"],
  [String.raw`\q`, String.raw`\q`],
])("%s", (quoted, text) => {
  expect(unquoteGo(quoted)).toBe(text);
});

it("reads back whatever JSON quotes, which is how the simulated server prints it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(unquoteGo(JSON.stringify(text).slice(1, -1))).toBe(text);
    }),
  );
});
