import { defineScenario } from "../harness/index.ts";

export default defineScenario({
  id: "update-after-new-identity",
  claim: "A new version of a job runs on edges that have returned as new nodes.",
  covers: ["seed 001, step 7 (which saw it fail: see docs/fixes.md)"],
  edges: 2,
  jobs: ["test-job.yaml", "test-job-v2.yaml"],
  // The old ids count as connected all the while: what dead ones do to a blocking dispatcher is another scenario's.
  atLeast: { disconnectTimeout: 60_000 },
  expected: { "*": "held" },
  async run({ edges, deploy, until, claim }) {
    const job = await deploy("test-job.yaml");
    await until(job.runsOn(edges));
    await until(edges.areSettledIn()); // or the batch of these may come in the middle of a handshake (L3)
    await edges.kill();
    for (const edge of edges.apart()) {
      await edge.recreate({ identity: "new" });
      await until(job.executionsRunOn(edge));
    }
    const updated = await deploy("test-job-v2.yaml");
    await claim(updated.executionsRunOn(edges));
  },
});
