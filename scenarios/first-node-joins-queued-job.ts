import { defineScenario } from "../harness/index.ts";

export default defineScenario({
  id: "first-node-joins-queued-job",
  claim: "A job that waits for nodes runs on the first one that joins.",
  covers: ["seed 001, Timing Pattern to Watch"],
  edges: 1,
  edgesStart: "later",
  jobs: ["new-job.yaml"],
  expected: {
    none: "violated L3",
    block: "held",
    redispatch: "held",
    pull: "held",
    resync: "held",
    supersede: "violated L3",
  },
  async run({ edges, deploy, premise, claim }) {
    const job = await deploy("new-job.yaml");
    await premise(job.is("queued"));
    await edges.start();
    await claim(job.runsOn(edges));
  },
});
