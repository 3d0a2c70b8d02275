import { describe, expect, it } from "vitest";
import { anExecution } from "../../test-kit/model-builders.ts";
import { compare, type Held } from "./compare.ts";

const held = (state: Held["state"], executionId = "e1"): Held => ({ executionId, state, message: "" });
const nothing = { reports: [], run: [], stop: [], unknown: [] };

describe("the comparison of what an edge has with what it should have", () => {
  it("finds nothing where both agree", () => {
    expect(compare([held("running")], [anExecution({ observed: "running" })])).toEqual(nothing);
    expect(
      compare([held("completed")], [anExecution({ observed: "completed", desired: "stopped" })]),
    ).toEqual(nothing);
    expect(compare([], [])).toEqual(nothing);
  });

  it("starts what the edge never got (L1 to L4)", () => {
    expect(compare([], [anExecution()])).toEqual({ ...nothing, run: ["e1"] });
  });

  it("starts again what a wiped edge has forgotten (L7)", () => {
    expect(compare([], [anExecution({ observed: "running" })])).toEqual({ ...nothing, run: ["e1"] });
  });

  it("does not start what is not wanted, or is over", () => {
    expect(compare([], [anExecution({ desired: "stopped", observed: "running" })])).toEqual(nothing);
    expect(compare([], [anExecution({ observed: "failed", desired: "stopped" })])).toEqual(nothing);
  });

  it("takes a report that was lost (L5)", () => {
    const done = held("completed");
    expect(compare([done], [anExecution({ observed: "running" })])).toEqual({ ...nothing, reports: [done] });
    const runs = held("running");
    expect(compare([runs], [anExecution()])).toEqual({ ...nothing, reports: [runs] });
  });

  it("stops what runs and is not wanted (L6)", () => {
    expect(compare([held("running")], [anExecution({ desired: "stopped", observed: "running" })])).toEqual({
      ...nothing,
      stop: ["e1"],
    });
    expect(compare([held("running")], [anExecution({ desired: "stopped", observed: "failed" })])).toEqual({
      ...nothing,
      stop: ["e1"],
    });
  });

  it("stops what the orchestrator does not know, and leaves alone what has ended", () => {
    expect(compare([held("running", "e9"), held("stopped", "e8")], [])).toEqual({
      ...nothing,
      unknown: ["e9"],
    });
  });
});
