import { describe, expect, it } from "vitest";
import { aClaim, aLog, aStep, aTimeline, type Moment } from "../test-kit/a-timeline.ts";
import { skeletonDifferences, skeletonOf } from "./skeleton.ts";

const PATTERNS = ["attempt", "publish", "receive", "changed", "stuck"].map((name) => ({ name }));

describe("the skeleton of a run", () => {
  it("is, for each execution, its lines in order, by job and edge instead of ids", () => {
    const timeline = aTimeline([
      line("attempt", 1, "e-1", "edge1"),
      line("attempt", 2, "e-2", "edge2"),
      line("publish", 3, "e-2", "edge2"),
      line("publish", 4, "e-1", "edge1"),
      line("receive", 5, "e-2", "edge2", { machine: "edge2" }),
    ]);
    expect(skeletonOf(timeline, PATTERNS)).toEqual(
      new Map([
        ["job on edge1", ["attempt", "publish"]],
        ["job on edge2", ["attempt", "publish", "receive"]],
      ]),
    );
  });

  it("knows nothing of times and ids", () => {
    const once = aTimeline([line("attempt", 1, "e-1", "edge1"), line("publish", 2, "e-1", "edge1")]);
    const again = aTimeline([line("attempt", 70, "e-9", "edge1"), line("publish", 1_000, "e-9", "edge1")]);
    expect(skeletonOf(again, PATTERNS)).toEqual(skeletonOf(once, PATTERNS));
  });

  it.each([
    ["lines of other patterns", line("heartbeat", 3, "e-1", "edge1")],
    ["lines about no execution", aLog("attempt", { atMs: 3, fields: { job: "job", node_name: "edge1" } })],
    ["what is no log line", aStep({ atMs: 3 })],
    ["repetitions", line("attempt", 3, "e-1", "edge1")],
  ])("leaves out %s", (_what, moment) => {
    const timeline = aTimeline([
      line("attempt", 1, "e-1", "edge1"),
      line("publish", 2, "e-1", "edge1"),
      moment,
    ]);
    expect(skeletonOf(timeline, PATTERNS)).toEqual(new Map([["job on edge1", ["attempt", "publish"]]]));
  });

  it("ends with the last claim", () => {
    const timeline = aTimeline([
      line("attempt", 1, "e-1", "edge1"),
      aClaim({ atMs: 2 }),
      line("publish", 3, "e-1", "edge1"),
      aClaim({ atMs: 4 }),
      line("stuck", 5, "e-1", "edge1"),
    ]);
    expect(skeletonOf(timeline, PATTERNS).get("job on edge1")).toEqual(["attempt", "publish"]);
  });

  it("says to which state an execution has changed", () => {
    const timeline = aTimeline([
      line("changed", 1, "e-1", "edge1", { fields: { to: "running" } }),
      line("changed", 2, "e-1", "edge1", { fields: { to: "running" } }),
      line("changed", 3, "e-1", "edge1", { fields: { to: "failed" } }),
    ]);
    expect(skeletonOf(timeline, PATTERNS).get("job on edge1")).toEqual([
      "changed(running)",
      "changed(failed)",
    ]);
  });

  it("counts a second execution of a job on the same edge by itself", () => {
    const timeline = aTimeline([
      line("attempt", 1, "e-1", "edge1"),
      line("stuck", 2, "e-1", "edge1"),
      line("attempt", 3, "e-2", "edge1"),
    ]);
    expect(skeletonOf(timeline, PATTERNS)).toEqual(
      new Map([
        ["job on edge1", ["attempt", "stuck"]],
        ["job on edge1 (2)", ["attempt"]],
      ]),
    );
  });

  it("takes executions of one plan on nodes of one name for twins, whichever was dispatched first", () => {
    const twins = (...order: readonly [string, string]) =>
      skeletonOf(
        aTimeline([
          ...order.map((id, atMs) =>
            aLog("attempt", {
              atMs,
              fields: { execution_id: id, job: "job", node_name: "edge1", eval_id: "plan" },
            }),
          ),
          line("stuck", 5, "e-2", "edge1"),
        ]),
        PATTERNS,
      );
    expect(twins("e-1", "e-2")).toEqual(twins("e-2", "e-1"));
    expect([...twins("e-1", "e-2").values()]).toEqual([["attempt"], ["attempt", "stuck"]]);
  });

  it("names the edge by its machine where no line names it", () => {
    const timeline = aTimeline([
      aLog("receive", { machine: "edge2", fields: { execution_id: "e-1", job: "job" } }),
    ]);
    expect([...skeletonOf(timeline, PATTERNS).keys()]).toEqual(["job on edge2"]);
  });
});

describe("lines of one millisecond", () => {
  it("of two machines are in the order of the patterns, whichever arrived first", () => {
    const timeline = aTimeline([
      line("changed", 1, "e-1", "edge1", { machine: "orchestrator" }),
      line("receive", 1, "e-1", "edge1", { machine: "edge1" }),
    ]);
    expect(skeletonOf(timeline, PATTERNS).get("job on edge1")).toEqual(["receive", "changed"]);
  });

  it("of one machine are in the order in which it printed them", () => {
    const timeline = aTimeline([
      line("stuck", 1, "e-1", "edge1"),
      line("attempt", 1, "e-1", "edge1"),
      line("receive", 1, "e-1", "edge1", { machine: "edge1" }),
    ]);
    expect(skeletonOf(timeline, PATTERNS).get("job on edge1")).toEqual(["receive", "stuck", "attempt"]);
  });
});

describe("the differences of two skeletons", () => {
  it("are none where they are the same, in whatever order their executions came", () => {
    const one = new Map([
      ["a", ["attempt"]],
      ["b", ["attempt", "publish"]],
    ]);
    expect(differences(one, new Map([...one].toReversed()))).toEqual([]);
  });

  it("show both, and where they part", () => {
    const one = new Map([["a", ["attempt", "publish", "receive"]]]);
    expect(differences(one, new Map([["a", ["attempt", "publish", "stuck"]]]))).toEqual([
      "a:",
      "  docker  attempt → publish → receive",
      "  sim     attempt → publish → stuck",
      "  after publish: receive against stuck",
    ]);
    expect(differences(one, new Map([["a", ["attempt", "publish"]]])).at(-1)).toBe(
      "  after publish: receive against nothing more",
    );
    expect(differences(one, new Map([["a", ["publish"]]])).at(-1)).toBe(
      "  at the beginning: attempt against publish",
    );
  });

  it("show an execution that only one has", () => {
    expect(differences(new Map(), new Map([["a", ["attempt"]]]))).toEqual([
      "a:",
      "  docker  no such execution",
      "  sim     attempt",
      "  at the beginning: nothing more against attempt",
    ]);
  });

  function differences(
    one: ReadonlyMap<string, readonly string[]>,
    other: ReadonlyMap<string, readonly string[]>,
  ) {
    return skeletonDifferences({ name: "docker", skeleton: one }, { name: "sim", skeleton: other });
  }
});

function line(
  pattern: string,
  atMs: number,
  execution: string,
  edge: string,
  at: { readonly machine?: string; readonly fields?: Readonly<Record<string, string>> } = {},
): Moment {
  const { machine = "orchestrator" } = at;
  const whose = machine === "orchestrator" ? { node_id: `n-${edge}`, node_name: edge } : {};
  return aLog(pattern, {
    atMs,
    machine,
    fields: { execution_id: execution, job: "job", ...whose, ...at.fields },
  });
}
