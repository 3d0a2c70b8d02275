import { describe, expect, it } from "vitest";
import { duration, labels, oneOf, optionalText, port, text, type Reading } from "./values.ts";

/** The value, or what would have been accepted. */
const outcome = <T>(reading: Reading<T>) => (reading.ok ? reading.value : `accepted: ${reading.accepted}`);

describe("a value", () => {
  it.each<[string, Reading<unknown>, unknown]>([
    ["duration", duration(10)("250ms"), 250],
    ["duration at its bound", duration(10)("10ms"), 10],
    [
      "duration below its bound",
      duration(10)("9ms"),
      "accepted: a duration like 250ms, 1s, 5m or 1h, at least 10ms",
    ],
    ["duration of nothing, where that makes sense", duration(0)("0s"), 0],
    ["bare number for a duration", duration(0)("15"), "accepted: a duration like 250ms, 1s, 5m or 1h"],
    ["word", oneOf("text", "json")("JSON"), "json"],
    ["unknown word", oneOf("text", "json")("xml"), "accepted: text, json"],
    ["text", text("a folder")(" /data "), "/data"],
    ["empty text", text("a folder")("  "), "accepted: a folder"],
    ["optional text", optionalText(" t "), "t"],
    ["empty optional text", optionalText(" "), undefined],
    ["port", port("65535"), 65_535],
    ["port that the system chooses", port("0"), 0],
    ["port too high", port("65536"), "accepted: a port from 0 to 65535"],
    ["port with a sign", port("+80"), "accepted: a port from 0 to 65535"],
    ["port with a fraction", port("80.5"), "accepted: a port from 0 to 65535"],
    ["labels", labels("zone=eu, disk=ssd"), { zone: "eu", disk: "ssd" }],
    ["labels with an empty value", labels("gpu="), { gpu: "" }],
    ["labels with a comma too many", labels("zone=eu,"), { zone: "eu" }],
    ["no labels", labels(""), {}],
    ["label without a value", labels("zone"), "accepted: labels like zone=eu,disk=ssd"],
    ["label without a key", labels("=eu"), "accepted: labels like zone=eu,disk=ssd"],
    ["label with two values", labels("zone=eu=us"), "accepted: labels like zone=eu,disk=ssd"],
  ])("that is a %s", (_, reading, expected) => {
    expect(outcome(reading)).toEqual(expected);
  });
});
