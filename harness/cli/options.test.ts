import { describe, expect, it } from "vitest";
import { UsageError } from "../errors.ts";
import { oneOf, wholeNumber } from "./options.ts";

describe("one of several words", () => {
  it("is taken as it is", () => {
    expect(oneOf("--format", "json", ["text", "json"])).toBe("json");
  });

  it.each([
    ["jsn", '--format: got "jsn" (did you mean "json"?); accepted are text, json'],
    ["JSON", '--format: got "JSON" (did you mean "json"?); accepted are text, json'],
    ["", '--format: got ""; accepted are text, json'],
    ["protobuf", '--format: got "protobuf"; accepted are text, json'],
  ])("%j is refused with what is accepted", (given, message) => {
    expect(() => oneOf("--format", given, ["text", "json"])).toThrow(new UsageError(message));
  });
});

describe("a whole number", () => {
  it.each([
    ["1", 1],
    ["07", 7],
    ["50", 50],
  ])("%s is taken", (given, value) => {
    expect(wholeNumber("--edges", given, 1, 50)).toBe(value);
  });

  it.each(["0", "51", "-1", "1.5", "1e1", "two", "", " 2", "0x2", "NaN", "99999999999999999999"])(
    "%j is refused",
    (given) => {
      expect(() => wholeNumber("--edges", given, 1, 50)).toThrow(
        new UsageError(`--edges: got "${given}", accepted is a whole number from 1 to 50`),
      );
    },
  );
});
