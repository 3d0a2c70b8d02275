import { defineScenario } from "../harness/index.ts";

export default defineScenario({
  id: "restart-with-new-identity",
  claim: "A job's executions start by themselves on edges that return as new nodes.",
  covers: ["seed 001, steps 4 to 6 (which saw it fail: see docs/fixes.md)"],
  edges: 2,
  jobs: ["test-job.yaml"],
  // All of them join before the first batch is due: one that joins as it is processed loses the race of L3.
  atLeast: { reevaluationBatch: 2_000 },
  expected: { "*": "held" },
  async run({ edges, deploy, until, claim }) {
    const job = await deploy("test-job.yaml");
    await until(job.runsOn(edges));
    await edges.kill();
    await edges.recreate({ identity: "new" });
    await claim(job.executionsRunOn(edges));
  },
});
