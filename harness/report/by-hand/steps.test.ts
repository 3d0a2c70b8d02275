import { describe, expect, it } from "vitest";
import { aDeed, aWait } from "../../test-kit/a-record.ts";
import { aLog, aPremise, aStep, aTimeline } from "../../test-kit/a-timeline.ts";
import type { Act } from "../../timeline/entry.ts";
import { machinesAfter, machinesIn, stepsOf } from "./steps.ts";

describe("the steps of a run", () => {
  it("are what was done, waited for and made sure of, in order", () => {
    const act: Act = { do: "wait", for: [{ is: "serving" }], withinMs: 0 };
    const steps = stepsOf(
      aTimeline([
        aDeed({ do: "kill", machines: ["edge1"] }, { subject: "edge1 (rm -f)" }),
        aLog("published"),
        aWait({ is: "serving" }, "the orchestrator serves"),
        aPremise({ atMs: 0, what: "it believes edge1 connected", act }),
      ]),
    );
    expect(steps.map(({ kind, title }) => [kind, title])).toEqual([
      ["deed", "kill edge1 (rm -f)"],
      ["wait", "until the orchestrator serves"],
      ["premise", "now it believes edge1 connected"],
    ]);
  });

  it("are none of what only tells how something came out", () => {
    expect(stepsOf(aTimeline([aStep({ verb: "deployed" }), aPremise(), aStep({ verb: "judge" })]))).toEqual(
      [],
    );
  });
});

describe("the machines", () => {
  const steps = stepsOf(
    aTimeline([
      aDeed({ do: "start", machines: ["nats", "edge1", "edge2", "edge3"] }),
      aDeed({ do: "kill", machines: ["edge1", "edge2"] }),
      aDeed({ do: "pause", machines: ["edge3"] }),
      aDeed({ do: "recreate", machines: ["edge2"], identity: "kept" }),
      aDeed({ do: "start", machines: ["edge4"] }),
    ]),
  );

  it("that something was done to are each told once", () => {
    expect(machinesIn(steps)).toEqual(["nats", "edge1", "edge2", "edge3", "edge4"]);
  });

  it("that are left are those that were not killed, or are back, and answer", () => {
    expect(machinesAfter(steps)).toEqual(["nats", "edge2", "edge4"]);
  });
});
