import { all, defineScenario } from "../harness/index.ts";

export default defineScenario({
  id: "node-lost",
  claim: "When a node is given up, its execution has failed, and nothing else is touched.",
  covers: ["seed 002, Scenario D", "seed 002, Edge Cases Matrix: row 5"],
  edges: 2,
  leastEdges: 2,
  jobs: ["test-job.yaml"],
  expected: { "*": "held" },
  async run({ edges, deploy, until, claim }) {
    const job = await deploy("test-job.yaml");
    await until(job.runsOn(edges));
    const before = await job.executions();
    const gone = edges.first(1);
    await gone.kill();
    await until(gone.areBelieved("lost"));
    await claim(all(job.hasFailedOn(gone), job.isUnchangedSince(before, edges.rest(1))));
  },
});
