import { defineScenario } from "../harness/index.ts";

export default defineScenario({
  id: "ghost-of-old-identity",
  claim:
    "A job that runs on every living node leaves `deploying`, whatever it was given to nodes that will never return.",
  covers: ["seed 000, cloud: new ids after recreation"],
  edges: 2,
  jobs: ["test-job.yaml"],
  // All of them join before the first batch is due: one that joins as it is processed loses the race of L3.
  // Once the old ids count as lost nobody waits for them any more.
  atLeast: { reevaluationBatch: 2_000, disconnectTimeout: 10_000, lostTimeout: 60_000 },
  expected: { "*": "violated L8", supersede: "held" },
  async run({ edges, deploy, until, premise, claim }) {
    const job = await deploy("test-job.yaml");
    await until(job.runsOn(edges));
    await edges.kill();
    await premise(edges.areBelieved("connected")); // the old ids are in use for an hour to come
    await edges.recreate({ identity: "new" });
    await until(edges.areReady());
    const again = await deploy("test-job.yaml", { force: true });
    await until(again.executionsRunOn(edges));
    await claim(again.hasLeftDeploying());
  },
});
