import { defineScenario } from "../harness/index.ts";

export default defineScenario({
  id: "running-execution-reconnects",
  claim: "A job goes on under the same execution on an edge that restarts with its data.",
  covers: ["seed 002, Edge Cases Matrix: Running execution exists, node reconnects"],
  edges: 2,
  jobs: ["test-job.yaml"],
  needs: ["kept-identity"],
  expected: { "*": "held" },
  async run({ edges, deploy, until, claim }) {
    const job = await deploy("test-job.yaml");
    await until(job.runsOn(edges));
    const before = await job.executions();
    const back = edges.first(1);
    await back.kill();
    await back.recreate({ identity: "kept" });
    await claim(job.isUnchangedSince(before, edges));
  },
});
