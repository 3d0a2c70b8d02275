import { describe, expect, it } from "vitest";
import { recoveryRound } from "./recovery-round.ts";
import {
  batchQueued,
  batchStarted,
  evaluationCreated,
  type Printed,
  recordOf,
  rolloutChecked,
  shookHands,
  started,
} from "./test-kit.ts";

const JOB = "new-test-job";
const FIRST_LOOK = rolloutChecked(2_000, JOB, { trigger: "job-create" });
const HANDSHAKE = shookHands(3_000, "edge1");
const QUEUED = batchQueued(3_001, "edge1");
const STARTED = batchStarted(4_001, 1);

/** The record ends at 7.686 s. */
function round(...lines: readonly Printed[]): string | number {
  const found = recoveryRound(recordOf(lines), `j-${JOB}`);
  return typeof found === "string" ? found : found.atMs;
}

describe("the round in which a job is looked at after a node has joined", () => {
  it("is the first one after the last handshake", () => {
    const looks = [rolloutChecked(4_239, JOB), rolloutChecked(5_239, JOB)];
    expect(round(FIRST_LOOK, HANDSHAKE, QUEUED, STARTED, ...looks)).toBe(4_239);
    expect(round(FIRST_LOOK, HANDSHAKE, rolloutChecked(3_000, JOB))).toBe(3_000);
  });

  it("is not needed where every node was there before the job", () => {
    expect(round(shookHands(1_000, "edge1"), rolloutChecked(2_000, JOB))).toBe("none");
    expect(round(HANDSHAKE)).toBe("none");
  });
});

describe("a round that has not come is due", () => {
  it.each<[string, readonly Printed[]]>([
    ["while the join waits for its batch", [HANDSHAKE, QUEUED]],
    ["while one of several joins does", [HANDSHAKE, QUEUED, batchQueued(3_002, "edge2"), STARTED]],
    [
      "while its evaluation waits for the scheduler",
      [HANDSHAKE, QUEUED, STARTED, evaluationCreated(4_002, JOB)],
    ],
    ["right after the handshake, when nobody can have heard of it", [shookHands(7_000, "edge1")]],
    [
      "of the last handshake, whatever came of earlier ones",
      [
        HANDSHAKE,
        QUEUED,
        STARTED,
        rolloutChecked(4_239, JOB),
        shookHands(5_000, "edge2"),
        batchQueued(5_001, "edge2"),
      ],
    ],
    [
      "of an orchestrator that was started anew, and queued it anew",
      [HANDSHAKE, QUEUED, STARTED, started(5_000), batchQueued(5_001, "edge1")],
    ],
  ])("%s", (_when, lines) => {
    expect(round(FIRST_LOOK, ...lines)).toBe("due");
  });
});

describe("a round that has not come never will", () => {
  it.each<[string, readonly Printed[]]>([
    ["where nobody heard of the join", [HANDSHAKE]],
    ["where its batch was processed, and led to no evaluation of the job", [HANDSHAKE, QUEUED, STARTED]],
    [
      "where it led to one of another job",
      [HANDSHAKE, QUEUED, STARTED, evaluationCreated(4_002, "other"), rolloutChecked(4_003, "other")],
    ],
    [
      "where the scheduler looked, but at something else",
      [
        HANDSHAKE,
        QUEUED,
        STARTED,
        evaluationCreated(4_002, JOB),
        rolloutChecked(4_003, JOB, { trigger: "exec-update" }),
      ],
    ],
    ["where the orchestrator was started anew, and has forgotten it", [HANDSHAKE, QUEUED, started(3_500)]],
  ])("%s", (_when, lines) => {
    expect(round(FIRST_LOOK, ...lines)).toBe("never");
  });
});
