import { describe, expect, it } from "vitest";
import { anEvaluation, anExecution, aSnapshot } from "../../test-kit/model-builders.ts";
import { combineStrategies, RECOMMENDED, STRATEGIES } from "./recovery.ts";

const stuck = aSnapshot({ evaluation: anEvaluation({ trigger: "node-join" }), executions: [anExecution()] });

describe("a combination of strategies", () => {
  it("is the bug itself under `none`", () => {
    expect(combineStrategies("none")).toMatchObject({
      name: "none",
      dispatchFailure: "skip",
      retriesRefused: false,
      comparesOnHandshake: false,
      comparesDigests: false,
      supersedes: false,
    });
    expect(combineStrategies("none")?.redispatch(stuck)).toEqual([]);
  });

  it("does what each of its parts does", () => {
    const both = combineStrategies("redispatch+pull");
    expect(both).toMatchObject({
      name: "redispatch+pull",
      comparesOnHandshake: true,
      comparesDigests: false,
    });
    expect(both?.redispatch(stuck)).toEqual(["e1"]);
  });

  it("does not depend on the order of its parts", () => {
    const flags = (names: string) => {
      const { name: _, redispatch: __, ...rest } = combineStrategies(names) ?? { name: "", redispatch: null };
      return rest;
    };
    expect(flags("resync+block+supersede")).toEqual(flags("supersede+resync+block"));
  });

  it("sends an execution once, however often a part is named", () => {
    expect(combineStrategies("redispatch+redispatch")?.redispatch(stuck)).toEqual(["e1"]);
  });

  it("is what `recommended` stands for", () => {
    const {
      name: _,
      redispatch: __,
      ...alias
    } = combineStrategies("recommended") ?? { name: "", redispatch: null };
    expect(combineStrategies(RECOMMENDED)).toMatchObject(alias);
  });

  it.each(["", "retry", "none+retry", "pull+", "constructor"])("is refused if it is %j", (names) => {
    expect(combineStrategies(names)).toBeUndefined();
  });

  it("knows the strategies of the specification", () => {
    expect(Object.keys(STRATEGIES)).toEqual(["none", "block", "redispatch", "pull", "resync", "supersede"]);
  });
});
