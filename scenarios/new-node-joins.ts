import { defineScenario } from "../harness/index.ts";

export default defineScenario({
  id: "new-node-joins",
  claim: "A node that joins gets its execution of a running job.",
  covers: ["seed 002, Scenario B", "seed 002, Edge Cases Matrix: row 1"],
  edges: 2,
  jobs: ["test-job.yaml"],
  expected: { "*": "held" },
  async run({ edges, join, deploy, until, claim }) {
    const job = await deploy("test-job.yaml");
    await until(job.runsOn(edges));
    await until(edges.areSettledIn()); // or the batch of these may come in the middle of a handshake (L3)
    const third = await join(1);
    await claim(job.runsOn(edges.and(third)));
  },
});
