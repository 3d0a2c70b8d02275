import { defineScenario } from "../harness/index.ts";

export default defineScenario({
  id: "restart-with-new-identity",
  claim: "A job's executions start by themselves on edges that return as new nodes.",
  covers: ["seed 001, steps 4 to 6 (which saw it fail: see docs/fixes.md)"],
  edges: 2,
  jobs: ["test-job.yaml"],
  expected: { "*": "held" },
  async run({ edges, deploy, until, claim }) {
    const job = await deploy("test-job.yaml");
    await until(job.runsOn(edges));
    await until(edges.areSettledIn()); // or the batch of these may come in the middle of a handshake (L3)
    await edges.kill();
    for (const edge of edges.apart()) {
      await edge.recreate({ identity: "new" });
      if (!(await claim(job.executionsRunOn(edge)))) return;
    }
  },
});
