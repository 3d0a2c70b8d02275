import { all, defineScenario } from "../harness/index.ts";

export default defineScenario({
  id: "scale-down",
  claim: "When five of seven edges leave for good, their executions have failed, and the others run on.",
  covers: ["seed 002, Edge Cases Matrix: row 10"],
  edges: 7,
  leastEdges: 3,
  jobs: ["test-job.yaml"],
  expected: { "*": "held" },
  async run({ edges, deploy, until, claim }) {
    const job = await deploy("test-job.yaml");
    await until(job.runsOn(edges));
    const before = await job.executions();
    const [staying, leaving] = [edges.first(2), edges.rest(2)];
    await leaving.kill();
    await until(leaving.areBelieved("lost"));
    await claim(all(job.hasFailedOn(leaving), job.isUnchangedSince(before, staying)));
  },
});
