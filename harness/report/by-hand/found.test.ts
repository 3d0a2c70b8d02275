import { describe, expect, it } from "vitest";
import { aRunningOn, aState, aTimeline } from "../../test-kit/a-timeline.ts";
import { aJob, aNode, anExecution, aView } from "../../test-kit/a-view.ts";
import { foundIn, type FoundQuestion } from "./found.ts";

const NODES = [aNode(), aNode({ id: "n-edge2", name: "edge2" })];

describe("what a run found", () => {
  it("is the state of the job and of every execution of its newest version", () => {
    const executions = [
      anExecution({ id: "e-old", observed: "stopped", desired: "stopped" }),
      anExecution({ id: "e-1", jobVersion: 2 }),
      anExecution({ id: "e-2", jobVersion: 2, nodeId: "n-edge2", observed: "running" }),
    ];
    expect(found({ jobs: [aJob({ version: 2 })], executions })).toEqual({
      jobs: ["new-test-job"],
      edges: [],
      lines: [
        "job new-test-job: deploying",
        "new-test-job v2 on edge1: pending, desired running",
        "new-test-job v2 on edge2: running, desired running",
      ],
    });
  });

  it("is also of the versions and jobs that it was stuck on", () => {
    const other = aJob({ id: "j-other", name: "other" });
    const zombie = anExecution({ id: "e-old", observed: "running", desired: "stopped" });
    const inTheWay = anExecution({ id: "e-way", jobId: "j-other" });
    const seen = { jobs: [aJob({ version: 2 }), other], executions: [zombie, inTheWay] };
    expect(found(seen, { stuck: [zombie, inTheWay] }).lines).toEqual([
      "job new-test-job: deploying",
      "job other: deploying",
      "new-test-job v1 on edge1: running, desired stopped",
      "other v1 on edge1: pending, desired running",
    ]);
  });

  it("is not of jobs that it is not about", () => {
    const seen = { jobs: [aJob({ id: "j-other" })], executions: [anExecution({ jobId: "j-other" })] };
    expect(found(seen).lines).toEqual([]);
  });

  it("is the last word of each edge, of those that count", () => {
    const timeline = aTimeline([
      aRunningOn("edge1", ["e-1"], 10),
      aState({ atMs: 15, seen: aView({ nodes: NODES, jobs: [aJob()], executions: [anExecution()] }) }),
      aRunningOn("edge2", ["e-1"], 20),
      aRunningOn("edge2", [], 30),
      aRunningOn("edge3", ["e-unknown", "e-1"], 40),
    ]);
    expect(foundIn(timeline, { jobId: undefined, stuck: [], sinceMs: 20 })).toEqual({
      jobs: [],
      edges: ["edge2", "edge3"],
      lines: ["edge2 itself: runs nothing", "edge3 itself: runs e-unknown,new-test-job v1"],
    });
  });

  it("is nothing where nobody looked", () => {
    const at = { jobId: "j-new", stuck: [], sinceMs: 0 };
    expect(foundIn([], at)).toEqual({ jobs: [], edges: [], lines: [] });
  });
});

function found(seen: Partial<ReturnType<typeof aView>>, at: Partial<FoundQuestion> = {}) {
  const timeline = aTimeline([
    aState({ seen: aView({ jobs: [aJob({ state: "queued" })] }) }),
    aState({ atMs: 5, seen: aView({ nodes: NODES, ...seen }) }),
  ]);
  return foundIn(timeline, { jobId: "j-new", stuck: [], sinceMs: 0, ...at });
}
