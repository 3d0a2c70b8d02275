import { describe, expect, it } from "vitest";
import { aJob, aNode, anExecution, aView } from "../test-kit/a-view.ts";
import type { ClusterSeen, ExecutionSeen } from "../vocabulary.ts";
import { sightOfEnds, sightOfFailures, sightOfKeeping, sightOfReality, type Question } from "./job-sights.ts";

const NODES = [aNode(), aNode({ id: "n-edge2", name: "edge2" })];
const QUESTION: Question = {
  id: "j-new",
  name: "new-test-job",
  edges: ["edge1", "edge2"],
  identitiesOf: () => [],
};

describe("a job goes on under the same executions", () => {
  const before = ["e-1", "e-2"];
  const keeping = (executions: ExecutionSeen[], job = "running") =>
    sightOfKeeping(seenWith({ executions, state: job }), { ...QUESTION, before });

  it("if they run where they ran", () => {
    expect(keeping([running("e-1"), running("e-2", "n-edge2")])).toMatchObject({ met: true, idle: [] });
  });

  it("whatever has become of the job elsewhere", () => {
    expect(keeping([running("e-1"), running("e-2", "n-edge2")], "degraded").met).toBe(true);
  });

  it("not if one of them was replaced", () => {
    expect(keeping([running("e-1"), running("e-9", "n-edge2")])).toMatchObject({
      met: false,
      seen: "new-test-job is `running`, 2 of 2 running; others as well: e-9",
    });
  });

  it("not if one of them has ended", () => {
    const ended = anExecution({ id: "e-2", nodeId: "n-edge2", observed: "failed" });
    expect(keeping([running("e-1"), ended])).toMatchObject({ met: false, idle: ["edge2"] });
  });
});

describe("a job comes to its end", () => {
  const ended = (id: string, nodeId = "n-edge1") => anExecution({ id, nodeId, observed: "completed" });
  const ends = (executions: ExecutionSeen[], state = "completed") =>
    sightOfEnds(seenWith({ executions, state }), QUESTION);

  it("if each of its executions has completed, and it has itself", () => {
    expect(ends([ended("e-1"), ended("e-2", "n-edge2")])).toEqual({
      met: true,
      seen: "new-test-job is `completed`, 2 of 2 completed",
      stuck: [],
      idle: [],
    });
  });

  it("not while the job does not know it", () => {
    expect(ends([ended("e-1"), ended("e-2", "n-edge2")], "running").met).toBe(false);
  });

  it("not while one is still believed to run: that is what is stuck", () => {
    const late = running("e-2", "n-edge2");
    expect(ends([ended("e-1"), late])).toMatchObject({ met: false, stuck: [late] });
  });

  it("not where it never was", () => {
    expect(ends([ended("e-1")])).toMatchObject({ met: false, stuck: [], idle: ["edge2"] });
  });
});

describe("a job has failed on its edges", () => {
  const fails = (executions: ExecutionSeen[]) =>
    sightOfFailures(seenWith({ executions, state: "failed" }), QUESTION);

  it("if each execution there has", () => {
    const failed = [
      anExecution({ id: "e-1", observed: "failed" }),
      anExecution({ id: "e-2", nodeId: "n-edge2", observed: "failed" }),
    ];
    expect(fails(failed).met).toBe(true);
  });

  it("not while one still counts as running", () => {
    const late = running("e-2", "n-edge2");
    expect(fails([anExecution({ id: "e-1", observed: "failed" }), late])).toMatchObject({
      met: false,
      stuck: [late],
    });
  });

  it("not where it never was", () => {
    expect(fails([anExecution({ id: "e-1", observed: "failed" })])).toMatchObject({ met: false });
  });
});

describe("what edges say that they run", () => {
  const OLD = running("e-old", "n-edge1", 1);
  const NEW = running("e-new", "n-edge1", 2);
  const reality = (
    runs: Readonly<Record<string, readonly string[]>>,
    wanted: "newest" | "nothing",
    executions: ExecutionSeen[] = [OLD, NEW],
  ) =>
    sightOfReality(seenWith({ executions, state: "running", version: 2 }), {
      ...QUESTION,
      edges: ["edge1"],
      running: new Map(Object.entries(runs)),
      wanted,
    });

  it("is right if it is the newest version, once", () => {
    expect(reality({ edge1: ["e-new"] }, "newest")).toEqual({
      met: true,
      seen: "so it is on each",
      stuck: [],
      idle: [],
    });
  });

  it("is wrong if an older version runs as well", () => {
    expect(reality({ edge1: ["e-new", "e-old"] }, "newest")).toMatchObject({
      met: false,
      seen: "edge1 runs e-old (version 1), which is not wanted",
      stuck: [OLD],
    });
  });

  it("is wrong if the newest runs twice", () => {
    const twin = running("e-twin", "n-edge1", 2);
    expect(reality({ edge1: ["e-new", "e-twin"] }, "newest", [OLD, NEW, twin])).toMatchObject({
      met: false,
      seen: "edge1 runs it 2 times",
    });
  });

  it("is wrong if nothing runs there, whatever the orchestrator believes: that is what is stuck", () => {
    expect(reality({ edge1: [] }, "newest")).toMatchObject({
      met: false,
      seen: "edge1 does not run it",
      stuck: [NEW],
      idle: ["edge1"],
    });
  });

  it("is right if nothing is wanted and nothing runs, or only another job", () => {
    expect(reality({ edge1: [] }, "nothing")).toMatchObject({ met: true, seen: "it runs on none" });
    expect(reality({ edge1: ["e-of-another-job"] }, "nothing").met).toBe(true);
  });

  it("is wrong if nothing is wanted and it runs, in whatever version", () => {
    expect(reality({ edge1: ["e-new"] }, "nothing")).toMatchObject({ met: false, stuck: [NEW] });
  });
});

it.each([
  ["goes on", () => sightOfKeeping(aView(), { ...QUESTION, before: [] })],
  ["ends", () => sightOfEnds(aView(), QUESTION)],
  ["fails", () => sightOfFailures(aView(), QUESTION)],
  ["runs", () => sightOfReality(aView(), { ...QUESTION, running: new Map(), wanted: "nothing" })],
])("a job that is not there neither %s nor anything else", (_what, sight) => {
  expect(sight()).toMatchObject({ met: false, seen: "new-test-job is not there" });
});

function running(id: string, nodeId = "n-edge1", jobVersion = 1): ExecutionSeen {
  return anExecution({ id, nodeId, jobVersion, observed: "running" });
}

function seenWith(at: {
  readonly executions: ExecutionSeen[];
  readonly state: string;
  readonly version?: number;
}): ClusterSeen {
  const job = aJob({ state: at.state, version: at.version ?? 1 });
  return aView({ nodes: NODES, jobs: [job], executions: at.executions });
}
