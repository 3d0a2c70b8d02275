import { describe, expect, it } from "vitest";
import { RunAborted } from "../scenario/run-aborted.ts";
import { aCluster, aRunState, type Happenings } from "../test-kit/a-cluster.ts";
import { ofKind } from "../timeline/timeline.ts";
import { inflictByHand, type Deed } from "./faults.ts";

const ALL = ["nats", "orchestrator", "edge1", "edge2"];

describe("a kill", () => {
  it("is witnessed by the broker", async () => {
    const { seen } = await inflicted({ verb: "kill", machines: ["edge1", "edge2"] });
    expect(seen).toEqual([
      expect.stringMatching(/^kill edge1: done; kill edge2: done; NATS: connection closed/),
    ]);
  });

  it("that the broker should have seen and has not did not bite", async () => {
    const deed = { verb: "kill", machines: ["edge1"] } as const;
    await expect(inflicted(deed, {}, { isBrokerBlind: true })).rejects.toThrow(
      "kill of edge1 did not bite: NATS never recorded the connection of edge1 as closed",
    );
  });

  it.each([
    ["of what has no connection any more", ["edge1"], ["nats", "orchestrator", "edge2"]],
    ["without a broker that could", ["edge1"], ["orchestrator", "edge1", "edge2"]],
    ["of the broker itself", ["nats", "edge1"], ALL],
  ])("is proven by the engine alone: %s", async (_what, machines, up) => {
    const { seen } = await inflicted({ verb: "kill", machines }, { up }, { isBrokerBlind: true });
    expect(seen).toEqual([machines.map((name) => `kill ${name}: done`).join("; ")]);
  });
});

describe("a recreation", () => {
  it("of an edge goes on when the orchestrator has shaken hands with it", async () => {
    const { calls, seen } = await inflicted({ verb: "recreate", machines: ["edge1"], identity: "wiped" });
    expect(calls).toEqual(["recreate edge1 wiped"]);
    expect(seen).toEqual([expect.stringContaining("NATS: connection opened")]);
  });

  it("of an edge that nobody shakes hands with did not come about", async () => {
    const deed = { verb: "recreate", machines: ["edge1"] } as const;
    await expect(inflicted(deed, {}, { isReturnUnseen: true, capabilities: [] })).rejects.toThrow(
      "waited 30000 ms until edge1 shakes hands: no handshake with edge1",
    );
  });

  it("waits for nobody where nobody is", async () => {
    const happenings = { isReturnUnseen: true, isBrokerBlind: true };
    const { calls } = await inflicted(
      { verb: "recreate", machines: ["edge1"] },
      { up: ["nats", "edge2"] },
      happenings,
    );
    expect(calls).toEqual(["recreate edge1 kept"]);
  });

  it("of everything begins with whom others connect to", async () => {
    const { calls } = await inflicted(
      { verb: "recreate", machines: ALL },
      { up: [] },
      {
        capabilities: [],
        act: (deed, at) => {
          if (deed === "recreate orchestrator kept") at.print("orchestrator", "serving");
        },
      },
    );
    expect(calls).toEqual([
      "recreate nats kept",
      "recreate orchestrator kept",
      "recreate edge1 kept",
      "recreate edge2 kept",
    ]);
  });
});

describe("the other verbs", () => {
  it.each(["restart", "pause", "resume", "cut", "heal"] as const)(
    "%s is done to each, and proven",
    async (verb) => {
      const { calls, seen } = await inflicted({ verb, machines: ["nats", "edge2"] });
      expect(calls).toEqual([`${verb} nats`, `${verb} edge2`]);
      expect(seen).toEqual([`${verb} nats: done; ${verb} edge2: done`]);
    },
  );

  it("did not bite where the engine says so", async () => {
    const act = () => ({ bit: false, seen: "it was cut off already" });
    await expect(inflicted({ verb: "cut", machines: ["edge1"] }, {}, { act })).rejects.toThrow(
      new RunAborted("cut of edge1 did not bite: it was cut off already"),
    );
  });
});

/** What was done, and what was seen of it. */
async function inflicted(
  deed: Pick<Deed, "verb" | "machines"> & Partial<Deed>,
  { up = ALL }: { readonly up?: readonly string[] } = {},
  happenings: Happenings = {},
) {
  const cluster = aCluster({ capabilities: ["broker-record"], ...happenings });
  const state = await aRunState(cluster);
  await cluster.clock.drive(inflictByHand(state, { identity: "kept", up: new Set(up), ...deed }));
  return {
    calls: cluster.calls,
    seen: ofKind(state.timeline.entries(), "fault").map((fault) => fault.seen),
  };
}
