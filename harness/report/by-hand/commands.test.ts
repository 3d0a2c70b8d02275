import { describe, expect, it } from "vitest";
import { bundledSystem } from "../../systems/bundled/bundled.ts";
import { aDeed, aWait } from "../../test-kit/a-record.ts";
import { aPremise, aState, aTimeline, type Moment } from "../../test-kit/a-timeline.ts";
import { aJob, aView } from "../../test-kit/a-view.ts";
import type { Act } from "../../timeline/entry.ts";
import { commandsFor } from "./commands.ts";
import { stepsOf } from "./steps.ts";

const HANDSHAKE = (edge: string) =>
  `sees orchestrator 'HANDSHAKE: Node handshake completed.* node_name=${edge}( |$)'`;

describe("by hand", () => {
  it.each<[string, Act, readonly string[]]>([
    [
      "starting",
      { do: "start", machines: ["edge1", "edge2"] },
      ["start edge1 edge2", HANDSHAKE("edge1"), HANDSHAKE("edge2")],
    ],
    ["killing", { do: "kill", machines: ["edge1", "nats"] }, ['docker rm --force "$RUN-edge1" "$RUN-nats"']],
    ["pausing", { do: "pause", machines: ["edge1"] }, ['docker pause "$RUN-edge1"']],
    ["resuming", { do: "resume", machines: ["edge1"] }, ['docker unpause "$RUN-edge1"']],
    [
      "restarting",
      { do: "restart", machines: ["edge1"] },
      ['docker restart "$RUN-edge1"', HANDSHAKE("edge1")],
    ],
    ["cutting off", { do: "cut", machines: ["edge1"] }, ['docker network disconnect "$RUN" "$RUN-edge1"']],
    ["letting time pass", { do: "pass", ms: 500 }, ["sleep 0.5"]],
    [
      "healing",
      { do: "heal", machines: ["edge1"] },
      ['docker network connect --ip "$(address edge1)" --alias edge1 "$RUN" "$RUN-edge1"'],
    ],
    [
      "recreating with the same disk",
      { do: "recreate", machines: ["edge1"], identity: "kept" },
      ["start edge1", HANDSHAKE("edge1")],
    ],
    [
      "recreating as a new node",
      { do: "recreate", machines: ["edge1"], identity: "new" },
      ['docker volume rm "$RUN-edge1"', "start edge1", HANDSHAKE("edge1")],
    ],
    [
      "recreating with an empty disk",
      { do: "recreate", machines: ["edge1"], identity: "wiped" },
      ["wipe edge1", "start edge1", HANDSHAKE("edge1")],
    ],
    [
      "recreating the orchestrator",
      { do: "recreate", machines: ["orchestrator"], identity: "kept" },
      ["start orchestrator", "sees orchestrator 'API: Listening'"],
    ],
    [
      "recreating the broker",
      { do: "recreate", machines: ["nats"], identity: "kept" },
      ["start nats", `sees nats '\\[CONNECT.*"expanso-orchestrator"'`],
    ],
    ["stopping a job", { do: "stop-job", job: "new-test-job" }, ["cli job stop new-test-job"]],
    [
      "deploying",
      { do: "deploy", file: "new-job.yaml", force: true },
      [
        `docker exec --interactive "$RUN-orchestrator" expanso-cli job deploy - --force <<'END'`,
        "name: new-test-job",
        "END",
      ],
    ],
  ])("%s is this", (_what, act, lines) => {
    expect(commands([aDeed(act)]).lines).toEqual(lines);
  });

  it("what was waited for is looked out for, for as long as the run would have", () => {
    const wait = { is: "believed", edges: ["edge1"], connection: "lost" } as const;
    const line = "sees orchestrator 'NODE: leave - marked lost' believed lost edge1";
    expect(commands([aWait(wait, "", 9_500)]).lines).toEqual([line]);
    expect(commands([aWait(wait, "", 60_500)]).lines).toEqual([`LIMIT=61 ${line}`]);
  });

  it("what was made sure of has to be so at once", () => {
    const act: Act = {
      do: "wait",
      for: [{ is: "believed", edges: ["edge1"], connection: "connected" }],
      withinMs: 0,
    };
    expect(commands([aPremise({ atMs: 0, what: "`it` is so", act })])).toEqual({
      note: "",
      lines: ["believed connected edge1 || give_up 'not so: it is so'"],
    });
    expect(commands([aPremise({ atMs: 0, act, held: false, seen: "edge1 lost" })])).toEqual({
      note: "The run found it not so: edge1 lost",
      lines: [],
    });
  });

  it("what has no name is waited for until the same is seen", () => {
    const seen = aView({ jobs: [aJob({ state: "running" })] });
    const moments = [aState({ seen }), aWait({ is: "as-seen", jobId: "j-new" })];
    expect(commands(moments).lines).toEqual([
      'edges=""',
      "found=$(sort <<'END'",
      "job new-test-job: running",
      "END",
      ")",
      "sees orchestrator '(STATUS|RECONCILER|NODE): ' same",
    ]);
  });
});

it("what no command shows is left to whoever does it", () => {
  const moments = [aState(), aWait({ is: "as-seen", jobId: undefined })];
  expect(commands(moments).lines).toEqual(["# The run knew it by what no command shows: see for yourself."]);
});

/** Of the last step of these moments. */
function commands(moments: readonly Moment[]) {
  const timeline = aTimeline(moments);
  return commandsFor(stepsOf(timeline).at(-1)!, {
    byHand: bundledSystem.byHand!,
    timeline,
    jobFile: (name) => (name === "new-job.yaml" ? "name: new-test-job\n" : ""),
    orchestrator: "orchestrator",
    broker: "nats",
    limitS: 34,
  });
}
