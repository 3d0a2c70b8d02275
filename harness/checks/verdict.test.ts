import { describe, expect, it } from "vitest";
import {
  aClaim,
  aFault,
  aLog,
  aPremise,
  aState,
  aStep,
  aTimeline,
  type Moment,
} from "../test-kit/a-timeline.ts";
import { anExecution } from "../test-kit/a-view.ts";
import type { LossFinding, Witness } from "../systems/system.ts";
import type { Entry } from "../timeline/entry.ts";
import type { InvariantFinding } from "./invariants.ts";
import { judge as judgeRun, type Expertise, type Verdict } from "./verdict.ts";

const SINCE_MS = 3_000;
const W_MS = 3_750;
const JUDGED_MS = SINCE_MS + W_MS + 10;
const STUCK = anExecution();
const UNMET = aClaim({
  atMs: JUDGED_MS,
  held: false,
  seen: "new-test-job is `deploying`, 0 of 1 running",
  sinceMs: SINCE_MS,
  windowMs: W_MS,
  stuck: [STUCK],
});
const STREAMS_READ: Moment = { atMs: JUDGED_MS, kind: "streams-read", upToMs: JUDGED_MS };
const ROUND = aLog("rollout-checked", { atMs: 4_240 });
const STATE = aState({ atMs: JUDGED_MS });
/** All that a fair run has to show before its unmet claim counts as violated. */
const FAIR: readonly Moment[] = [ROUND, STATE, STREAMS_READ, UNMET];

describe("a claim that was met", () => {
  it("is held, for the reason that was seen", () => {
    expect(judge(aTimeline([aStep(), aClaim()]), undefined, anExpertise())).toEqual({
      is: "held",
      because: "new-test-job is `running`, 1 of 1 running",
    });
  });

  it("is held only together with every other claim of the run", () => {
    const both = [aClaim({ seen: "two run" }), aClaim({ atMs: 5_000, seen: "three run" })];
    expect(judge(aTimeline(both), undefined, anExpertise())).toEqual({
      is: "held",
      because: "two run; three run",
    });
    for (const atMs of [SINCE_MS, JUDGED_MS + 1])
      expect(judge(aTimeline([...FAIR, aClaim({ atMs })]), undefined, anExpertise()).is).toBe("violated");
  });
});

describe("a claim that was met, and the invariants", () => {
  const MET = aTimeline([STATE, aClaim({ atMs: JUDGED_MS })]);
  const zombie = anInvariant({ is: "broken", seen: "e-1 runs, wanted stopped", executions: [STUCK] });

  it("is held if each of them holds, or this system does not tell of it", () => {
    const all = [anInvariant({ id: 1 }), anInvariant(), anInvariant({ id: 7, is: "untold" })];
    expect(judge(MET, undefined, anExpertise(), all).is).toBe("held");
  });

  it("is violated if one is broken, for that reason, without a loss", () => {
    expect(judge(MET, undefined, anExpertise(), [anInvariant({ id: 1 }), zombie])).toEqual({
      is: "violated",
      loss: null,
      witnesses: [],
      diedAt: undefined,
      because:
        "the claim was met, but not invariant 2, no zombie: e-1 runs, wanted stopped; " +
        "new-test-job is `running`, 1 of 1 running",
    });
  });

  it("names the loss where the evidence of the executions concerned has one", () => {
    const asked: unknown[] = [];
    const expertise: Expertise = {
      ...anExpertise(),
      explainLoss: ({ stuck }) => {
        asked.push(stuck);
        return aFinding({ loss: "L6" });
      },
    };
    const verdict = judge(MET, undefined, expertise, [zombie]);
    expect(verdict).toMatchObject({ is: "violated", loss: "L6" });
    expect(verdict.because).toMatch(/; message lost: published at 2.4s$/);
    expect(asked).toEqual([[STUCK]]);
  });

  it("is held without the one that the scenario excepts, and only without that one", () => {
    const excepted = { ...zombie, excepted: "nobody can tell it to stop" };
    expect(judge(MET, undefined, anExpertise(), [excepted]).is).toBe("held");
    expect(judge(MET, undefined, anExpertise(), [excepted, { ...zombie, id: 3 }]).is).toBe("violated");
  });

  it("is unknown if the run did not come far enough to ask for them", () => {
    const unclear = anInvariant({ is: "unclear", seen: "edge2 should be connected and ready, and is not" });
    expect(judge(MET, undefined, anExpertise(), [anInvariant({ id: 1 }), unclear])).toEqual({
      is: "unknown",
      because:
        "the claim was met; whether the invariants hold is not known: edge2 should be connected and ready, and is not",
    });
    // What is known to be broken is known.
    expect(judge(MET, undefined, anExpertise(), [unclear, zombie]).is).toBe("violated");
  });

  it("does not depend on them if it was not met: what it broke is its own", () => {
    const unmet = judge(aTimeline(FAIR), undefined, anExpertise());
    expect(unmet.is).toBe("violated");
    expect(judge(aTimeline(FAIR), undefined, anExpertise(), [zombie])).toEqual(unmet);
  });
});

describe("a run that could not tell is unknown, whatever its claim says", () => {
  it("when it was cut short", () => {
    expect(judge(aTimeline([aClaim()]), "waited 30000 ms until edge1 shakes hands", anExpertise())).toEqual({
      is: "unknown",
      because: "waited 30000 ms until edge1 shakes hands",
    });
  });

  it("when nothing was ever claimed", () => {
    expect(judge(aTimeline([aStep(), aPremise()]), undefined, anExpertise())).toEqual({
      is: "unknown",
      because: "the scenario came to its end without a claim",
    });
  });

  it("when a fault did not bite", () => {
    const harmless = aFault({ bit: false, seen: "container still running" });
    expect(judge(aTimeline([aFault(), harmless, aClaim()]), undefined, anExpertise())).toEqual({
      is: "unknown",
      because: "kill did not bite: container still running",
    });
    expect(judge(aTimeline([harmless, ...FAIR]), undefined, anExpertise()).is).toBe("unknown");
  });

  it("when a premise slipped", () => {
    const slipped = aPremise({ held: false, seen: "edge1 disconnected" });
    expect(judge(aTimeline([aPremise(), slipped, aClaim()]), undefined, anExpertise())).toEqual({
      is: "unknown",
      because: "the premise slipped: the orchestrator believes edge1 connected; seen: edge1 disconnected",
    });
    expect(judge(aTimeline([slipped, ...FAIR]), undefined, anExpertise()).is).toBe("unknown");
  });
});

describe("a claim that was not met is unknown", () => {
  it.each([
    ["one millisecond before W has gone by", SINCE_MS + W_MS - 1, "unknown"],
    ["but violated once W has gone by", SINCE_MS + W_MS, "violated"],
  ])("%s", (_when, atMs, verdict) => {
    const moments = [ROUND, { ...STREAMS_READ, atMs: SINCE_MS }, { ...UNMET, atMs }];
    expect(judge(aTimeline(moments), undefined, anExpertise()).is).toBe(verdict);
  });

  it("and says how long it did wait", () => {
    const moments = [ROUND, STATE, STREAMS_READ, { ...UNMET, atMs: SINCE_MS + 1_000 }];
    expect(judge(aTimeline(moments), undefined, anExpertise())).toEqual({
      is: "unknown",
      because: "waited 1000 ms, less than W = 3750 ms",
    });
  });

  it.each([
    ["when the log streams were never read to their end", [ROUND, STATE, UNMET]],
    [
      "when they were read, but not past the end of W",
      [ROUND, STATE, { ...STREAMS_READ, upToMs: SINCE_MS + W_MS - 1 }, UNMET],
    ],
  ])("%s", (_when, moments) => {
    expect(judge(aTimeline(moments), undefined, anExpertise())).toEqual({
      is: "unknown",
      because: "the log streams could not be read past the end of W, so what is missing may only be late",
    });
  });

  it("when no recovery round of the job was seen after the last handshake", () => {
    expect(judge(aTimeline([STATE, STREAMS_READ, UNMET]), undefined, anExpertise())).toEqual({
      is: "unknown",
      because:
        "no node-join evaluation of the job was processed after the last handshake: its recovery may be late",
    });
  });

  it("asks for the recovery round of the claim's own job", () => {
    const asked: unknown[] = [];
    const expertise = anExpertise({
      recoveryRound: (_, jobId) => {
        asked.push(jobId);
        return "due";
      },
    });
    judge(aTimeline(FAIR), undefined, expertise);
    expect(asked).toEqual(["j-new"]);
  });

  it("needs no recovery round where no node has returned since the job was first looked at", () => {
    const verdict = judge(aTimeline(FAIR), undefined, anExpertise({ recoveryRound: () => "none" }));
    expect(verdict.is).toBe("violated");
    expect(verdict.because).not.toContain("node-join");
  });
});

it("a run that ended early tells which lines this build never logs: it may have waited for one of them", () => {
  const expertise = anExpertise({ missing: ["published"] });
  expect(judge(aTimeline([]), "waited 30000 ms until it is dispatched", expertise)).toEqual({
    is: "unknown",
    because:
      "waited 30000 ms until it is dispatched; the log contract is not met: this build never logs published",
  });
});

describe("a claim needs no recovery round to be violated", () => {
  it("where none can come any more: that is told", () => {
    const verdict = judge(aTimeline(FAIR), undefined, anExpertise({ recoveryRound: () => "never" }));
    expect(verdict.is).toBe("violated");
    expect(verdict.because).toContain(
      "the last handshake led to no node-join evaluation, and none is on its way",
    );
  });

  it("where it had to be so all the time: what has ceased to be so heals no more", () => {
    const moments = [STATE, STREAMS_READ, { ...UNMET, watchedMs: 6_000 }];
    const verdict = judge(aTimeline(moments), undefined, anExpertise({ recoveryRound: () => "due" }));
    expect(verdict.is).toBe("violated");
    expect(verdict.because).not.toContain("node-join");
  });
});

describe("a claim that was not met in a fair time is violated", () => {
  it("with the loss, where two independent sources witness it", () => {
    const timeline = aTimeline(FAIR);
    expect(judge(timeline, undefined, anExpertise({ finding: aFinding() }))).toEqual({
      is: "violated",
      loss: "L1",
      witnesses: aFinding().witnesses,
      diedAt: aFinding().at,
      because:
        "new-test-job is `deploying`, 0 of 1 running; node-join evaluation processed at 4.2s; " +
        "no dispatch since 2.4s; message lost: published at 2.4s",
    });
  });

  it("without a loss, where only one source witnesses it, however often", () => {
    const witnesses: Witness[] = [
      { source: "log", at: 1, text: "edge1" },
      { source: "log", at: 1, text: "edge2" },
    ];
    const verdict = judge(aTimeline(FAIR), undefined, anExpertise({ finding: aFinding({ witnesses }) }));
    expect(verdict).toMatchObject({ is: "violated", loss: null, witnesses });
  });

  it("without a loss, where the evidence fits none", () => {
    expect(judge(aTimeline(FAIR), undefined, anExpertise())).toEqual({
      is: "violated",
      loss: null,
      witnesses: [],
      diedAt: undefined,
      because:
        "new-test-job is `deploying`, 0 of 1 running; node-join evaluation processed at 4.2s; " +
        "no dispatch since 2.4s; the evidence fits no known loss",
    });
  });

  it("without asking for a loss where no execution is stuck or no state was seen", () => {
    const expertise = anExpertise({ finding: aFinding() });
    const nothingStuck = [ROUND, STATE, STREAMS_READ, { ...UNMET, stuck: [] } as Moment];
    const neverLooked = [ROUND, STREAMS_READ, UNMET];
    for (const moments of [nothingStuck, neverLooked])
      expect(judge(aTimeline(moments), undefined, expertise)).toMatchObject({ is: "violated", loss: null });
  });

  it("explains the loss from the stuck executions and the last look", () => {
    const asked: unknown[] = [];
    const expertise: Expertise = {
      ...anExpertise(),
      explainLoss: ({ stuck, seen }) => void asked.push({ stuck, seen }),
    };
    const last = { nodes: [], jobs: [], executions: [STUCK] };
    judge(
      aTimeline([aState({ atMs: 1 }), ROUND, { ...STATE, seen: last } as Moment, STREAMS_READ, UNMET]),
      undefined,
      expertise,
    );
    expect(asked).toEqual([{ stuck: [STUCK], seen: last }]);
  });

  it("by states alone, where the build lacks log lines, and says which", () => {
    const missing = ["dispatch-attempt", "broker-connection-opened"];
    const verdict = judge(aTimeline([STATE, STREAMS_READ, UNMET]), undefined, anExpertise({ missing }));
    expect(verdict).toMatchObject({
      is: "violated",
      loss: null,
      because:
        "new-test-job is `deploying`, 0 of 1 running; no dispatch since 2.4s; the evidence fits no known loss; " +
        "judged by states alone, the log contract is not met: this build never logs dispatch-attempt, broker-connection-opened",
    });
  });

  it("without a word of dispatch, where the claim is about no job", () => {
    const { job: _, ...aboutNodes } = UNMET as Extract<Moment, { kind: "claim" }>;
    const verdict = judge(aTimeline([STATE, STREAMS_READ, aboutNodes]), undefined, anExpertise());
    expect(verdict.because).toBe(
      "new-test-job is `deploying`, 0 of 1 running; the evidence fits no known loss",
    );
  });

  it("and never dispatched, where the record has no attempt", () => {
    const verdict = judge(aTimeline(FAIR), undefined, anExpertise({ dispatchMs: undefined }));
    expect(verdict.because).toContain("; never dispatched; ");
    const missing = ["dispatch-attempt"];
    const unread = judge(aTimeline(FAIR), undefined, anExpertise({ dispatchMs: undefined, missing }));
    expect(unread.because).not.toContain("never dispatched");
  });
});

it("is unknown where a short cut cost a machine its connection: that was another fault", () => {
  const cut: readonly Moment[] = (["cut", "heal"] as const).flatMap((verb, index) => [
    aStep({ atMs: 100 + index * 500, verb, act: { do: verb, machines: ["edge1"] } }),
    aFault({ atMs: 110 + index * 500, fault: verb, machines: ["edge1"] }),
  ]);
  const expertise = anExpertise({ finding: aFinding() });
  const back = { machine: "edge1", atMs: 900, id: "cid 7" };
  const signals = { ...expertise.signals, returnsIn: () => [back] };
  expect(judge(aTimeline([...cut, ...FAIR]), undefined, { ...expertise, signals })).toEqual({
    is: "unknown",
    because:
      "cut of edge1 was another fault: it came back on a new connection (cid 7) at 0.9s, as after a kill",
  });
  expect(judge(aTimeline([...cut, ...FAIR]), undefined, expertise).is).toBe("violated");
});

describe("what comes after the claim", () => {
  const LATER_MS = JUDGED_MS + 3_600_000;

  it.each([
    [true, "healed within 24 virtual hours"],
    [false, "still so after 24 virtual hours"],
  ])("is told of a cluster that was watched further: healed %s", (healed, told) => {
    const watched: Moment = { atMs: LATER_MS, kind: "driven-on", forMs: 86_400_000, healed, seen: "" };
    const verdict = judge(aTimeline([...FAIR, watched]), undefined, anExpertise());
    expect(verdict.is).toBe("violated");
    expect(verdict.because).toBe(
      "new-test-job is `deploying`, 0 of 1 running; node-join evaluation processed at 4.2s; " +
        `no dispatch since 2.4s; the evidence fits no known loss; ${told}`,
    );
  });

  it("is no evidence: neither of a loss, nor that the time was fair", () => {
    const later = [aLog("healed", { atMs: LATER_MS }), aState({ atMs: LATER_MS })];
    const asked: unknown[] = [];
    const expertise: Expertise = {
      ...anExpertise(),
      explainLoss: ({ timeline, seen }) => void asked.push(timeline.at(-1)?.kind, seen),
    };
    judge(aTimeline([...FAIR, ...later]), undefined, expertise);
    expect(asked).toEqual(["claim", { nodes: [], jobs: [], executions: [] }]);

    const readLater: Moment = { ...STREAMS_READ, atMs: LATER_MS };
    expect(judge(aTimeline([ROUND, STATE, UNMET, readLater]), undefined, anExpertise()).is).toBe("unknown");
    const roundLater = { ...ROUND, atMs: LATER_MS };
    expect(judge(aTimeline([STATE, STREAMS_READ, UNMET, roundLater]), undefined, anExpertise()).is).toBe(
      "unknown",
    );
  });
});

it("judges by what it is given and nothing else: twice the same, and the record is left alone", () => {
  const timeline = Object.freeze(aTimeline(FAIR).map((entry) => Object.freeze(entry)));
  const expertise = anExpertise({ finding: aFinding() });
  expect(judge(timeline, undefined, expertise)).toEqual(judge(timeline, undefined, expertise));
});

function judge(
  timeline: readonly Entry[],
  failure: string | undefined,
  expertise: Expertise,
  invariants: readonly InvariantFinding[] = [],
): Verdict {
  return judgeRun(timeline, failure, expertise, invariants);
}

function anInvariant(at: Partial<InvariantFinding> = {}): InvariantFinding {
  return {
    id: 2,
    name: "no zombie",
    always: false,
    excepted: undefined,
    is: "held",
    seen: "2 executions on the edges, all wanted",
    executions: [],
    ...at,
  };
}

/** A system in which a node shook hands at 3.2 s, a dispatch was tried at 2.4 s, and all log lines are known. */
function anExpertise(
  at: {
    readonly finding?: LossFinding;
    readonly missing?: readonly string[];
    readonly dispatchMs?: number | undefined;
    readonly recoveryRound?: Expertise["signals"]["recoveryRound"];
  } = {},
): Expertise {
  return {
    explainLoss: () => at.finding,
    signals: {
      lastDispatchMs: () => ("dispatchMs" in at ? at.dispatchMs : 2_374),
      recoveryRound:
        at.recoveryRound ??
        ((timeline) =>
          timeline.find((entry) => entry.kind === "log" && entry.pattern === "rollout-checked") ?? "due"),
      missingLines: () => at.missing ?? [],
    },
  };
}

function aFinding(at: Partial<LossFinding> = {}): LossFinding {
  return {
    loss: "L1",
    because: "published at 2.4s",
    at: { seq: 49, ...aLog("broker-pub", { atMs: 2_374 }) },
    witnesses: [
      { source: "state", at: JUDGED_MS, text: "pending" },
      { source: "log", at: 2_374, text: "PUBLISH" },
    ],
    ...at,
  };
}
