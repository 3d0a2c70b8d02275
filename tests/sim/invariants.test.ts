import { expect, it } from "vitest";
import { defineScenario } from "../../harness/index.ts";
import { simulate } from "./simulate.ts";

// That each invariant can be broken by itself, and then is the only one: `tests/sabotage/table/invariants.ts`.

it("one that the scenario excepts keeps no verdict from being held, and is told all the same", async () => {
  const scenario = defineScenario({
    id: "a-lost-disk",
    claim: "The job is believed to run.",
    covers: [],
    edges: 2,
    jobs: ["test-job.yaml"],
    expected: {},
    excepts: { 3: "it is about just that" },
    run: async ({ edges, deploy, until, claim }) => {
      const job = await deploy("test-job.yaml");
      await until(job.runsOn(edges));
      await edges.first(1).kill();
      await edges.first(1).recreate({ identity: "wiped" });
      await claim(job.is("running"));
    },
  });
  const { result } = await simulate({ scenario, seed: 1, profile: "default" });
  expect(result.verdict).toBe("held");
  expect(result.invariants[2]).toMatchObject({
    held: false,
    excepted: true,
    seen: expect.stringMatching(/does not run there; excepted: it is about just that$/),
  });
});
