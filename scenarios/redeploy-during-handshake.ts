import { defineScenario } from "../harness/index.ts";

export default defineScenario({
  id: "redeploy-during-handshake",
  claim: "A stopped job that is redeployed while new nodes shake hands runs on every one of them.",
  covers: ["seed 000, Reproduce: new ids after recreation", "seed 001, Timing Pattern to Watch"],
  edges: 2,
  jobs: ["test-job.yaml"],
  // The race is over in a quarter of a second otherwise: one that strikes one time in three proves nothing.
  // And the old ids count as connected all the while: what they do to a blocking dispatcher is another scenario's.
  atLeast: { dataPlaneSetup: 2_000, disconnectTimeout: 15_000 },
  expected: { "*": "held", none: "violated L3", supersede: "violated L3" },
  async run({ edges, deploy, until, claim }) {
    const job = await deploy("test-job.yaml");
    await until(job.runsOn(edges));
    await job.stop();
    await until(job.is("stopped"));
    await edges.kill();
    await edges.recreate({ identity: "new" }); // goes on at the handshake
    const again = await deploy("test-job.yaml", { force: true });
    await until(again.isDispatchedTo(edges));
    await claim(again.executionsRunOn(edges));
  },
});
