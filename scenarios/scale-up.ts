import { defineScenario } from "../harness/index.ts";

export default defineScenario({
  id: "scale-up",
  claim: "Five more edges that join a running job get five more executions.",
  covers: ["seed 002, Scenario 2", "seed 002, Edge Cases Matrix: row 9"],
  edges: 2,
  jobs: ["test-job.yaml"],
  expected: { "*": "held" },
  async run({ edges, join, deploy, until, claim }) {
    const job = await deploy("test-job.yaml");
    await until(job.runsOn(edges));
    await until(edges.areSettledIn()); // or the batch of these may come in the middle of a handshake (L3)
    // One after the other, for the same reason.
    let all = edges;
    for (let joined = 0; joined < 5; joined += 1) {
      all = all.and(await join(1));
      if (!(await claim(job.runsOn(all)))) return;
    }
  },
});
