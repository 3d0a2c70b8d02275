import chalk from "chalk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { logPattern } from "../logs/pattern.ts";
import {
  aClaim,
  aFault,
  aLog,
  aPremise,
  aRunningOn,
  aSettled,
  aProof,
  aState,
  aStep,
  aTimeline,
  type Moment,
} from "../test-kit/a-timeline.ts";
import { createStory } from "./story.ts";

const LEVEL = chalk.level;
beforeEach(() => (chalk.level = 0));
afterEach(() => (chalk.level = LEVEL));

const PATTERNS = [
  logPattern({
    name: "told",
    source: "orchestrator",
    match: /^/,
    means: "The dispatcher is about to send.",
    tell: true,
  }),
  logPattern({ name: "untold", source: "orchestrator", match: /^/, means: "The scheduler has looked." }),
  logPattern({ name: "broker", source: "nats", match: /^/, means: "NATS has taken it in.", tell: true }),
];

describe("the story of a run", () => {
  it.each<[string, Moment, readonly string[]]>([
    [
      "a step",
      aStep({ atMs: 1_694, verb: "see", subject: "edge1 connected and ready", outcome: "all ready" }),
      ["   1.7s  see       edge1 connected and ready                               all ready"],
    ],
    [
      "a step without an outcome",
      aStep({ verb: "deploy", subject: "job.yaml" }),
      ["   0.0s  deploy    job.yaml"],
    ],
    [
      "a fault and how it is known to have bitten",
      aFault({ atMs: 2_249, seen: "container gone" }),
      ["   2.2s  proof     container gone"],
    ],
    [
      "a fault that did not bite",
      aFault({ bit: false, seen: "still there" }),
      ["   2.2s  no bite   still there"],
    ],
    [
      "a premise",
      aPremise({ what: "edge1 believed connected", seen: "connected" }),
      ["   2.6s  premise   edge1 believed connected                                connected"],
    ],
    [
      "a claim",
      aClaim({ atMs: 700_000, what: "it runs", held: false, seen: "0 of 1 running" }),
      ["   700s  claim     it runs                                                 0 of 1 running"],
    ],
    [
      "a longer watch",
      { atMs: 86_400_000, kind: "driven-on", forMs: 86_400_000, healed: false, seen: "0 of 1 running" },
      [" 86400s  drive on  24 h more: nothing has changed                          0 of 1 running"],
    ],
    [
      "a cluster that does not come to rest",
      aSettled({ problem: "edge2 should be connected and ready, and is not" }),
      ["  10.0s  settle    edge2 should be connected and ready, and is not"],
    ],
    [
      "a proof",
      aProof({ atMs: 6_200 }),
      ["   6.2s  prove     by hand: the run request of e-1 to edge1                100 ms later it runs"],
    ],
    [
      "a proof of several deliveries that failed",
      aProof({ delivered: ["one", "two", "three"], proven: false, seen: "it does not run" }),
      [
        "   0.0s  prove     by hand: one, two and 1 more                            not healed 100 ms later: it does not run",
      ],
    ],
    [
      "a proof by a second run",
      aProof({ delivered: ["one"], inSecondRun: true }),
      ["   0.0s  prove     in a second run of the same seed, by hand: one          100 ms later it runs"],
    ],
  ])("tells %s in a line", (_what, moment, lines) => {
    expect(told([moment])).toEqual(lines);
  });

  it("gives an outcome that is too long a line of its own", () => {
    const outcome = "x".repeat(60);
    expect(told([aStep({ verb: "see", subject: "it", outcome })])).toEqual([
      "   0.0s  see       it",
      `                   ${outcome}`,
    ]);
  });

  it("leaves out what is only for the record", () => {
    const unheard = aLog("nobody knows this pattern");
    const atTheEnd = [aRunningOn("edge1", ["e-1"]), aSettled()];
    expect(told([aState(), { atMs: 1, kind: "streams-read", upToMs: 1 }, unheard, ...atTheEnd])).toEqual([]);
  });
});

describe("a log line in the story", () => {
  const fields = {
    connection_exists: "true",
    execution_id: "e-29748dd6-4a2c-4ec0",
    node_name: "edge2",
    job: "new-test-job",
  };

  it("is its message and what it is about, without time and fields", () => {
    const text =
      "2026-11-21T22:57:43.941Z INFO  PUBLISH: connection_exists=true execution_id=e-29748dd6-4a2c-4ec0 node_name=edge2 job=new-test-job";
    expect(told([aLog("told", { atMs: 2_374, text, fields })])).toEqual([
      "   2.4s  log       PUBLISH: connection_exists=true                         e-29748dd6 of new-test-job on edge2",
    ]);
  });

  it("names the edge that printed it, where it names no node", () => {
    const text = "2026-11-21T22:57:43.389Z INFO  EDGE: Received RunExecutionRequest execution_id=e-1 job=j";
    expect(
      told([aLog("told", { text, machine: "edge1", fields: { execution_id: "e-1", job: "j" } })]),
    ).toEqual([
      "   0.0s  log       EDGE: Received RunExecutionRequest                      e-1 of j on edge1",
    ]);
  });

  it("of the broker is what the broker did", () => {
    const text =
      '[1] 2026/11/21 22:57:43.941951 [TRC] 10.201.4.131:36116 - cid:6 - "v3.4.0:nats.js:o" - <<- [PUB expanso.node.n1.in 369]';
    expect(told([aLog("broker", { text, machine: "nats" })])).toEqual([
      "   0.0s  nats      <<- [PUB expanso.node.n1.in 369]",
    ]);
  });

  it("is told of those that matter; all of them with their meaning, if asked", () => {
    const lines = [aLog("told", { text: "t I DISPATCH" }), aLog("untold", { text: "t I CHECK" })];
    expect(told(lines)).toEqual(["   0.0s  log       DISPATCH"]);
    expect(told(lines, true)).toEqual([
      "   0.0s  log       DISPATCH",
      "                   The dispatcher is about to send.",
      "   0.0s  log       CHECK",
      "                   The scheduler has looked.",
    ]);
  });
});

function told(moments: readonly Moment[], verbose = false): string[] {
  const lines: string[] = [];
  const tell = createStory(PATTERNS, { verbose, write: (line) => lines.push(line) });
  for (const entry of aTimeline(moments)) tell(entry);
  return lines;
}
