import { describe, expect, it } from "vitest";
import { expectationFor, isAsExpected } from "./expectation.ts";
import type { Verdict } from "./verdict.ts";

describe("what is expected under a combination of fixes", () => {
  const expected = { none: "violated L1", block: "violated L1", redispatch: "held", pull: "held" };

  it.each([
    ["none", "violated L1"],
    ["pull", "held"],
    ["block+pull", "held"],
    ["pull+block", "held"],
    ["none+block", "violated L1"],
  ])("%s: %s", (fix, expectation) => {
    expect(expectationFor({ expected }, fix)).toBe(expectation);
  });

  it("is what the scenario says of the combination itself, where it says it", () => {
    expect(expectationFor({ expected: { ...expected, "block+pull": "violated" } }, "block+pull")).toBe(
      "violated",
    );
  });

  it("is `*` where the strategy is not named", () => {
    const scenario = { expected: { "*": "violated L8", supersede: "held" } };
    expect(expectationFor(scenario, "none")).toBe("violated L8");
    expect(expectationFor(scenario, "pull+resync")).toBe("violated L8");
    expect(expectationFor(scenario, "pull+supersede")).toBe("held");
  });

  it("is not held where one of them spoils it, whatever else heals", () => {
    const scenario = { expected: { "*": "held", block: "violated" }, spoiledBy: ["block"] };
    expect(expectationFor(scenario, "resync+block")).toBe("violated");
    expect(expectationFor({ expected: scenario.expected }, "resync+block")).toBe("held");
  });

  it("is held under what is recommended, by definition", () => {
    expect(expectationFor({ expected: { "*": "violated L1" } }, "recommended")).toBe("held");
  });

  it("is another under the other rule of avoiding nodes, where the scenario says so", () => {
    const scenario = { expected, ifSameJobAvoided: { expected: { "*": "held" } } };
    expect(expectationFor(scenario, "none", "same-job")).toBe("held");
    expect(expectationFor(scenario, "none", "any-job")).toBe("violated L1");
    expect(expectationFor({ expected }, "none", "same-job")).toBe("violated L1");
  });

  it.each(["resync", "resync+supersede", "constructor", "toString+__proto__"])(
    "is not known of %s",
    (fix) => {
      expect(expectationFor({ expected }, fix)).toBeUndefined();
    },
  );
});

describe("a verdict is as expected", () => {
  it.each<[Verdict, string, boolean]>([
    [held(), "held", true],
    [held(), "violated", false],
    [held(), "violated L1", false],
    [violated("L1"), "violated L1", true],
    [violated("L1"), "violated", true],
    [violated("L1"), "violated L2", false],
    [violated("L1"), "held", false],
    [violated(null), "violated", true],
    [violated(null), "violated L1", false],
    [{ is: "unknown", because: "" }, "held", false],
    [{ is: "unknown", because: "" }, "violated", false],
    [{ is: "unknown", because: "" }, "violated L1", false],
  ])("%o against %s: %s", (verdict, expected, asExpected) => {
    expect(isAsExpected(verdict, expected)).toBe(asExpected);
  });
});

function held(): Verdict {
  return { is: "held", because: "" };
}

function violated(loss: "L1" | null): Verdict {
  return { is: "violated", because: "", loss, witnesses: [] };
}
