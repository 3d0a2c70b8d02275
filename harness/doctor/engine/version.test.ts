import { expect, it } from "vitest";
import { compareVersions } from "./version.ts";

it.each([
  ["1.41", "1.30", 1],
  ["1.9", "1.30", -1],
  ["20.10.24", "20.10", 0],
  ["20.10.24", "20.11", -1],
  ["27.1.0-rc.1", "20.10", 1],
  ["nonsense", "1.30", -1],
])("%s against %s", (a, b, sign) => {
  expect(Math.sign(compareVersions(a, b))).toBe(sign);
});
