import { defineScenario } from "../harness/index.ts";

export default defineScenario({
  id: "deploy-with-no-nodes",
  claim: "A job deployed to nobody is queued, and says what it waits for.",
  covers: ["seed 002, Edge Cases Matrix: Deploy job, zero nodes"],
  edges: 1,
  edgesStart: "later",
  jobs: ["test-job.yaml"],
  expected: { "*": "held" },
  async run({ deploy, claim }) {
    const job = await deploy("test-job.yaml");
    await claim(job.is("queued", "waiting for matching nodes"));
  },
});
