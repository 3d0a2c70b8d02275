import { describe, expect, it } from "vitest";
import { scenarios } from "../../scenarios/index.ts";
import { bundledSystem } from "../systems/bundled/bundled.ts";
import { ANY_CLOUD } from "../systems/cloud/cloud.ts";
import { loadTimingProfile } from "../timing/load-profile.ts";
import { reasonNotApplicable } from "./applicable.ts";

const DEFAULT = loadTimingProfile("default");

describe("what is something for a system", () => {
  it("is everything, where all of it is here", () => {
    const fast = loadTimingProfile("fast");
    expect(scenarios.filter((scenario) => reasonNotApplicable(scenario, bundledSystem, fast))).toEqual([]);
  });

  it("is in a cloud what needs no edge of before, no server to kill, and no other pace", () => {
    const reasons = scenarios.flatMap((scenario) => {
      const because = reasonNotApplicable(scenario, ANY_CLOUD, DEFAULT);
      return because === undefined ? [] : [`${scenario.id}: ${because}`];
    });
    expect(reasons).toMatchInlineSnapshot(`
      [
        "deploy-in-disconnect-window: an edge that is recreated is a new node there, never the one that it was",
        "deploy-while-disconnected: an edge that is recreated is a new node there, never the one that it was",
        "redeploy-during-handshake: it needs dataPlaneSetup of at least 2.0 s (not 250 ms), and a cloud's pace is not to be set, only told; of a cloud that is as slow: --set dataPlaneSetup=2s",
        "restart-with-wiped-disk: an edge that is recreated is a new node there, never the one that it was",
        "update-in-disconnect-window: an edge that is recreated is a new node there, never the one that it was",
        "stop-in-disconnect-window: an edge that is recreated is a new node there, never the one that it was",
        "cascade-blocks-next-job: an edge that is recreated is a new node there, never the one that it was",
        "status-lost: its orchestrator is elsewhere, and not to be killed",
        "dead-node-blocks-dispatcher: its edges are told token and address alone, and no label by which a job could be for one of them",
        "restart-while-dispatcher-blocked: its edges are told token and address alone, and no label by which a job could be for one of them; its orchestrator is elsewhere, and not to be killed",
        "broker-restart-in-window: its broker is elsewhere, and not to be killed",
        "running-execution-reconnects: an edge that is recreated is a new node there, never the one that it was",
      ]
    `);
  });

  it("is in a cloud of a pace that is told to be slow enough", () => {
    const race = scenarios.find(({ id }) => id === "redeploy-during-handshake")!;
    const slow = loadTimingProfile("default", ["dataPlaneSetup=2s"]);
    expect(reasonNotApplicable(race, ANY_CLOUD, slow)).toBeUndefined();
  });
});
