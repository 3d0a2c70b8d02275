import { defineScenario } from "../harness/index.ts";

export default defineScenario({
  id: "update-after-new-identity",
  claim: "A new version of a job runs on edges that have returned as new nodes.",
  covers: ["seed 001, step 7 (which saw it fail: see docs/fixes.md)"],
  edges: 2,
  jobs: ["test-job.yaml", "test-job-v2.yaml"],
  // All of them join before the first batch is due: one that joins as it is processed loses the race of L3.
  // The old ids count as connected all the while: what dead ones do to a blocking dispatcher is another scenario's.
  atLeast: { reevaluationBatch: 2_000, disconnectTimeout: 20_000 },
  expected: { "*": "held" },
  async run({ edges, deploy, until, claim }) {
    const job = await deploy("test-job.yaml");
    await until(job.runsOn(edges));
    await edges.kill();
    await edges.recreate({ identity: "new" });
    await until(job.executionsRunOn(edges));
    const updated = await deploy("test-job-v2.yaml");
    await claim(updated.executionsRunOn(edges));
  },
});
