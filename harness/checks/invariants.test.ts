import { describe, expect, it } from "vitest";
import type { Capability, DispatcherBlock, MembershipChange } from "../systems/system.ts";
import { aLog, aRunningOn, aSettled, aState, aTimeline, type Moment } from "../test-kit/a-timeline.ts";
import { aJob, aNode, anExecution, aView } from "../test-kit/a-view.ts";
import type { ClusterSeen, InvariantId } from "../vocabulary.ts";
import {
  checkInvariants,
  type Exceptions,
  type InvariantExpertise,
  type InvariantFinding,
} from "./invariants.ts";

const RUNNING = anExecution({ observed: "running" });
const JOB = aJob({ state: "running", admits: "every node" });
/** One job, which runs on the one edge there is. */
const WELL = aView({ nodes: [aNode()], jobs: [JOB], executions: [RUNNING] });

describe("a run that ended well", () => {
  it("holds all seven, and says what was looked at", () => {
    expect(told(anEnd())).toEqual([
      "1 held: 1 wanted execution running",
      "2 held: 1 execution on the edges, all wanted",
      "3 held: 1 execution observed running, all on their edges",
      "4 held: 2 looks, never two",
      "5 held: none was refused; no executions seen to end, none seen to change after",
      "6 held: 1 job, none waits for a free node",
      "7 held: nothing is retried for as long as W",
    ]);
  });

  it("is not changed by asking, and asked twice answers the same", () => {
    const timeline = Object.freeze(aTimeline(anEnd()).map((entry) => Object.freeze(entry)));
    expect(checkInvariants(timeline, anExpertise())).toEqual(checkInvariants(timeline, anExpertise()));
  });
});

describe("1, what is wanted runs, is broken by", () => {
  const pending = { ...RUNNING, observed: "pending" };

  it("a pending execution on a node that is there", () => {
    const found = theBroken(anEnd({ seen: { ...WELL, executions: [pending] }, running: [] }));
    expect(found).toMatchObject([
      { id: 1, seen: "e-1 of new-test-job on edge1 is wanted running, and pending", executions: [pending] },
    ]);
  });

  it("several, of which the first are named", () => {
    const executions = [1, 2, 3, 4, 5].map((n) => ({ ...pending, id: `e-${n}`, jobId: `j-${n}` }));
    const [found] = theBroken(anEnd({ seen: { ...WELL, jobs: [], executions }, running: [] }));
    expect(found?.seen).toMatch(/^e-1 of j-1 on edge1 .*; e-2 .*; e-3 .*; and 2 more$/);
    expect(found?.executions).toHaveLength(5);
  });

  it.each([
    ["that is over", { observed: "completed" }, {}],
    ["that is not wanted running", { desired: "stopped" }, {}],
    ["on a node that is known to be away", {}, { connection: "disconnected" }],
  ])("but not by one %s", (_what, execution, node) => {
    const jobs = [{ ...JOB, state: "stopped" }];
    const seen = aView({ nodes: [aNode(node)], jobs, executions: [{ ...pending, ...execution }] });
    expect(theBroken(anEnd({ seen, running: [] }))).toEqual([]);
  });

  it("but not by one on a ghost, which only still counts as connected", () => {
    const ghost = aNode({ id: "n-old" });
    const seen = {
      ...WELL,
      nodes: [ghost, aNode()],
      executions: [RUNNING, { ...pending, id: "e-0", nodeId: "n-old" }],
    };
    expect(
      theBroken(anEnd({ seen }), { membership: [joined("n-old", 100), joined("n-edge1", 200)] }),
    ).toEqual([]);
  });

  it.each([
    ["has started by the second look", WELL],
    ["is gone by the second look", aView({ nodes: [aNode()], jobs: [], executions: [] })],
  ])("but not by one that %s", (_what, after) => {
    const before = { ...WELL, executions: [pending] };
    expect(theBroken(anEnd({ before, after, running: [] }), {}, [1])).toEqual([]);
  });
});

describe("2, no zombie, is broken by", () => {
  it.each([
    [
      "the orchestrator wants stopped",
      { desired: "stopped" },
      "e-1 of new-test-job on edge1 runs, wanted stopped, observed running",
    ],
    [
      "the orchestrator has given up",
      { observed: "failed" },
      "e-1 of new-test-job on edge1 runs, wanted running, observed failed",
    ],
    [
      "is meant for another node",
      { nodeId: "n-edge2" },
      "e-1 of new-test-job on n-edge2 runs, wanted running, observed running",
    ],
  ])("an execution that %s", (_what, at, told) => {
    const execution = { ...RUNNING, ...at };
    const jobs = [{ ...JOB, state: "stopped" }];
    const found = theBroken(anEnd({ seen: { ...WELL, jobs, executions: [execution] } }));
    expect(found).toMatchObject([{ id: 2, seen: told, executions: [execution] }]);
  });

  it("one that the orchestrator does not know", () => {
    const found = theBroken(anEnd({ running: ["e-1", "e-9"] }));
    expect(found).toMatchObject([
      { id: 2, seen: "e-9 runs on edge1, unknown to the orchestrator", executions: [] },
    ]);
  });

  it.each([
    [
      "was still wanted before the edge was asked",
      { before: WELL, after: { ...WELL, executions: [{ ...RUNNING, desired: "stopped" }] } },
    ],
    ["is wanted by the second look", { before: { ...WELL, executions: [] }, after: WELL }],
  ])("but not by one that %s", (_what, looks) => {
    expect(theBroken(anEnd(looks), {}, [2])).toEqual([]);
  });
});

describe("3, no phantom, is broken by", () => {
  it("an execution that is observed running, and that its edge does not have", () => {
    expect(theBroken(anEnd({ running: [] }))).toMatchObject([
      {
        id: 3,
        seen: "e-1 of new-test-job on edge1 is observed running, and does not run there",
        executions: [RUNNING],
      },
    ]);
  });

  it.each(["before", "after"])(
    "but not by one that is observed running only %s the edge was asked",
    (when) => {
      const over = { ...WELL, executions: [{ ...RUNNING, observed: "completed" }] };
      const looks = when === "before" ? { before: WELL, after: over } : { before: over, after: WELL };
      expect(theBroken(anEnd({ ...looks, running: [] }), {}, [3])).toEqual([]);
    },
  );

  it("but not by one on an edge that is not there, or only under another id", () => {
    const elsewhere = { ...RUNNING, id: "e-2", nodeId: "n-edge2" };
    const ghost = { ...RUNNING, id: "e-3", nodeId: "n-old" };
    const nodes = [aNode(), aNode({ id: "n-edge2", name: "edge2" }), aNode({ id: "n-old" })];
    const seen = { ...WELL, nodes, executions: [RUNNING, elsewhere, ghost] };
    expect(
      theBroken(anEnd({ seen }), { membership: [joined("n-old", 100), joined("n-edge1", 200)] }),
    ).toEqual([]);
  });
});

describe("4, one execution per job and node, is broken by", () => {
  const twin = { ...RUNNING, id: "e-2" };

  it("two that are not over, at any time of the run", () => {
    const early = aState({ atMs: 2_000, seen: { ...WELL, executions: [RUNNING, twin] } });
    expect(theBroken([early, ...anEnd()])).toMatchObject([
      {
        id: 4,
        seen: "at once, at 2.0s: e-1 of new-test-job on edge1 is running; e-2 of new-test-job on edge1 is running",
        executions: [RUNNING, twin],
      },
    ]);
  });

  it.each([
    ["are of two jobs", { jobId: "j-2" }],
    ["are on two nodes", { nodeId: "n-edge2" }],
    ["one of which is over", { observed: "stopped" }],
  ])("but not by two that %s", (_what, at) => {
    const early = aState({ atMs: 2_000, seen: { ...WELL, executions: [RUNNING, { ...twin, ...at }] } });
    expect(theBroken([early, ...anEnd()])).toEqual([]);
  });

  it("two in a run that was cut short", () => {
    const early = aState({ seen: { ...WELL, executions: [RUNNING, twin] } });
    expect(answers([early]).map(({ id, is }) => `${id} ${is}`)).toEqual([
      "1 unclear",
      "2 unclear",
      "3 unclear",
      "4 broken",
      "5 unclear",
      "6 unclear",
      "7 unclear",
    ]);
  });
});

describe("5, legal moves only, is broken by", () => {
  const moved = (atMs: number, observed: string) =>
    aState({ atMs, seen: { ...WELL, executions: [{ ...RUNNING, observed }] } });

  it("a move that was refused, at any time of the run", () => {
    const refusal = aLog("illegal-move", { atMs: 2_000, text: "STORE: Illegal state move refused" });
    expect(theBroken([refusal, ...anEnd()])).toMatchObject([
      { id: 5, seen: "refused at 2.0s: STORE: Illegal state move refused" },
    ]);
    expect(theBroken([refusal, refusal, refusal, ...anEnd()])).toMatchObject([
      { seen: "refused at 2.0s, and 2 more: STORE: Illegal state move refused" },
    ]);
  });

  it.each(["completed", "failed", "stopped", "cancelled"])(
    "an execution that changes after it was %s",
    (over) => {
      const found = theBroken([moved(2_000, over), moved(3_000, over), ...anEnd()]);
      expect(found).toMatchObject([
        { id: 5, seen: `e-1 of new-test-job on edge1 was ${over} at 3.0s, and running at 9.8s` },
      ]);
    },
  );

  it.each(["pending", "running"])("but not by one that changes after it was %s", (state) => {
    expect(theBroken([moved(2_000, state), ...anEnd()])).toEqual([]);
  });
});

describe("6, no job waits for a free node, is broken by", () => {
  const idle = (at: Partial<ClusterSeen> = {}) => ({ ...WELL, executions: [], ...at });
  const waiting = { ...JOB, state: "queued" };

  it.each(["queued", "pending", "deploying", "running", "degraded"])(
    "a job that is %s and was never placed on a node that could take it",
    (state) => {
      const seen = idle({ jobs: [{ ...JOB, state }] });
      expect(theBroken(anEnd({ seen, running: [] }))).toMatchObject([
        {
          id: 6,
          seen: `new-test-job is \`${state}\` and has nothing on edge1, which is connected, ready and free`,
        },
      ]);
    },
  );

  it("a job whose older version has ended there", () => {
    const seen = idle({ jobs: [{ ...JOB, version: 2 }], executions: [{ ...RUNNING, observed: "stopped" }] });
    expect(theBroken(anEnd({ seen, running: [] }))).toMatchObject([{ id: 6 }]);
  });

  it.each<[string, Partial<ClusterSeen>]>([
    ["is stopped", { jobs: [{ ...JOB, state: "stopped" }] }],
    ["has completed", { jobs: [{ ...JOB, state: "completed" }] }],
    ["has failed", { jobs: [{ ...JOB, state: "failed" }] }],
    ["does not want the node", { jobs: [{ ...waiting, admits: ["n-edge2"] }] }],
    ["has had its turn there", { executions: [{ ...RUNNING, observed: "failed" }] }],
    ["waits for a node that is not ready", { jobs: [waiting], nodes: [aNode({ ready: false })] }],
    ["waits for a node that is away", { jobs: [waiting], nodes: [aNode({ connection: "disconnected" })] }],
  ])("but not by one that %s", (_what, at) => {
    expect(theBroken(anEnd({ seen: idle(at), running: [] }))).toEqual([]);
  });

  it.each([
    ["its own older version", { jobVersion: 0 }],
    ["something pending of another job", { jobId: "j-other", observed: "pending" }],
  ])("but not by one that waits for a node on which is %s: that is for 1 and 2", (_what, at) => {
    const seen = idle({ jobs: [waiting], executions: [{ ...RUNNING, ...at }] });
    expect(theBroken(anEnd({ seen }), {}, [6])).toEqual([]);
  });

  it("but something that runs of another job is in nobody's way", () => {
    const seen = idle({ jobs: [waiting], executions: [{ ...RUNNING, jobId: "j-other" }] });
    expect(theBroken(anEnd({ seen }))).toMatchObject([{ id: 6 }]);
  });

  it("but not by one that is placed by the second look", () => {
    expect(theBroken(anEnd({ before: idle({ jobs: [waiting] }), after: WELL }))).toEqual([]);
  });
});

describe("7, dispatcher not stuck, is broken by", () => {
  const block = (sinceMs: number): DispatcherBlock => ({ sinceMs, tries: 9, because: "ErrNodeNotConnected" });

  it("one event that is retried for all of W and still", () => {
    expect(theBroken(anEnd(), { block: block(6_250) })).toMatchObject([
      { id: 7, seen: "it retries one event since 6.3s, 9 times by now: ErrNodeNotConnected" },
    ]);
  });

  it("but not by one that is retried for less than W", () => {
    expect(theBroken(anEnd(), { block: block(6_251) })).toEqual([]);
  });
});

describe("what is not known is not held", () => {
  it.each<[string, Moment[], string]>([
    ["ended early", [aState({ seen: WELL })], "the run ended before they could be asked for"],
    ["did not come to rest", anEnd({ problem: "edge1 is not ready" }), "edge1 is not ready"],
    ["was not looked at twice", anEnd().slice(1), "nobody looked at the end"],
    [
      "did not ask its edge",
      anEnd().filter(({ kind }) => kind !== "running-on"),
      "edge1 was not asked what it runs",
    ],
  ])("in a run that %s", (_what, moments, seen) => {
    const found = answers(moments);
    expect(found.map(({ is }) => is)).toEqual(found.map(() => "unclear"));
    expect(new Set(found.map((finding) => finding.seen))).toEqual(new Set([seen]));
  });

  it("where nobody knows which of two nodes of one name is there", () => {
    const nodes = [aNode({ id: "n-old" }), aNode()];
    const found = answers(anEnd({ seen: { ...WELL, nodes } }), { membership: [] });
    expect(found[0]).toMatchObject({
      is: "unclear",
      seen: "which of the nodes called edge1 is there is not known",
    });
  });

  it("where a node of that name is the only one, no log line is needed", () => {
    expect(theBroken(anEnd(), { membership: [] })).toEqual([]);
    expect(answers(anEnd(), { membership: [] })[0]).toMatchObject({ is: "held" });
  });

  it.each<[Capability, readonly InvariantId[]]>([
    ["edge-executions", [2, 3]],
    ["illegal-move-log", [5]],
    ["dispatch-log", [7]],
  ])("of a system without %s", (capability, ids) => {
    expect(untold(anEnd(), { without: capability })).toEqual(ids);
  });

  it("of a build that prints other lines than it should, by what it logs", () => {
    expect(untold(anEnd(), { missing: ["dispatch-attempt"] })).toEqual([5, 7]);
    const nothingRan = anEnd({ seen: { ...WELL, jobs: [], executions: [] }, running: [] });
    expect(untold(nothingRan, { missing: ["dispatch-attempt"] })).toEqual([]);
  });

  it("of a system that does not say which nodes a job may run on", () => {
    const { admits: _, ...job } = JOB;
    expect(untold(anEnd({ seen: { ...WELL, jobs: [job] } }))).toEqual([6]);
  });

  it("but what the states show to be broken is broken, log or no log", () => {
    const ended = aState({ seen: { ...WELL, executions: [{ ...RUNNING, observed: "failed" }] } });
    expect(theBroken([ended, ...anEnd()], { without: "illegal-move-log" })).toMatchObject([{ id: 5 }]);
  });

  function untold(moments: readonly Moment[], at: Knowledge = {}): InvariantId[] {
    return answers(moments, at)
      .filter(({ is }) => is === "untold")
      .map(({ id }) => id);
  }
});

describe("an exception", () => {
  it("is told with the finding, which stays what it is", () => {
    const [, , third] = answers(anEnd({ running: [] }), {}, { 3: "it is about just that" });
    expect(third).toMatchObject({ id: 3, is: "broken", excepted: "it is about just that" });
  });

  it("is refused of 4 and 5, which must hold always", () => {
    const exceptions = { 3: "why not", 4: "why not", 5: "why not" } as Exceptions;
    const found = answers(anEnd(), {}, exceptions);
    expect(found.map(({ id, always, excepted }) => [id, always, excepted])).toEqual([
      [1, false, undefined],
      [2, false, undefined],
      [3, false, "why not"],
      [4, true, undefined],
      [5, true, undefined],
      [6, false, undefined],
      [7, false, undefined],
    ]);
  });
});

/** What the checks know, where it is not what they know of a run that ended well. */
interface Knowledge {
  readonly membership?: readonly MembershipChange[];
  readonly block?: DispatcherBlock;
  readonly missing?: readonly string[];
  readonly without?: Capability;
}

/** The end of a run, as it is recorded: a look, what edge1 said that it runs, another look. */
function anEnd(
  at: {
    readonly seen?: ClusterSeen;
    readonly before?: ClusterSeen;
    readonly after?: ClusterSeen;
    readonly running?: readonly string[];
    readonly problem?: string;
  } = {},
): Moment[] {
  const { seen = WELL, before = seen, after = seen, running = ["e-1"], problem } = at;
  return [
    aState({ atMs: 9_800, seen: before }),
    aRunningOn("edge1", running),
    aState({ atMs: 9_950, seen: after }),
    aSettled({ problem }),
  ];
}

function joined(nodeId: string, atMs: number): MembershipChange {
  return { edge: "edge1", nodeId, change: "joined", atMs };
}

function anExpertise(at: Knowledge = {}): InvariantExpertise {
  const all: readonly Capability[] = ["dispatch-log", "edge-executions", "illegal-move-log"];
  return {
    capabilities: new Set(all.filter((capability) => capability !== at.without)),
    signals: {
      membership: () => at.membership ?? [joined("n-edge1", 1_000)],
      illegalMoves: (timeline) =>
        timeline.filter((entry) => entry.kind === "log" && entry.pattern === "illegal-move"),
      dispatcherBlock: () => at.block,
      missingLines: () => at.missing ?? [],
    },
  };
}

function answers(
  moments: readonly Moment[],
  knowledge: Knowledge = {},
  exceptions: Exceptions = {},
): readonly InvariantFinding[] {
  return checkInvariants(aTimeline(moments), anExpertise(knowledge), exceptions);
}

/** All that are broken, so that what breaks one is seen to break no other; or only these, of which it does. */
function theBroken(
  moments: readonly Moment[],
  knowledge: Knowledge = {},
  ids: readonly InvariantId[] = [1, 2, 3, 4, 5, 6, 7],
): readonly InvariantFinding[] {
  return answers(moments, knowledge).filter(({ id, is }) => is === "broken" && ids.includes(id));
}

function told(moments: readonly Moment[]): string[] {
  return answers(moments).map(({ id, is, seen }) => `${id} ${is}: ${seen}`);
}
