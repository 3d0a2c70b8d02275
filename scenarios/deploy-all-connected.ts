import { defineScenario } from "../harness/index.ts";

/** The control: if this does not hold, no other result means anything. */
export default defineScenario({
  id: "deploy-all-connected",
  claim: "A job deployed while every node is connected runs on every node.",
  covers: ["seed 002, Edge Cases Matrix: Deploy job, all nodes online"],
  edges: 2,
  jobs: ["test-job.yaml"],
  expected: { "*": "held" },
  async run({ edges, deploy, claim }) {
    const job = await deploy("test-job.yaml");
    await claim(job.runsOn(edges));
  },
});
