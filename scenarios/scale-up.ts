import { defineScenario } from "../harness/index.ts";

export default defineScenario({
  id: "scale-up",
  claim: "Five more edges that join a running job get five more executions.",
  covers: ["seed 002, Scenario 2", "seed 002, Edge Cases Matrix: row 9"],
  edges: 2,
  jobs: ["test-job.yaml"],
  // All of them join before the first batch is due: one that joins as it is processed loses the race of L3.
  atLeast: { reevaluationBatch: 3_000 },
  expected: { "*": "held" },
  async run({ edges, join, deploy, until, claim }) {
    const job = await deploy("test-job.yaml");
    await until(job.runsOn(edges));
    const more = await join(5);
    await claim(job.runsOn(edges.and(more)));
  },
});
