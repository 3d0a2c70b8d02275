import { defineScenario } from "../harness/index.ts";

export default defineScenario({
  id: "deploy-while-disconnected",
  claim: "A job deployed while a node is known to be away runs on every node once it is back.",
  covers: ["seed 002, Scenario 1", "seed 002, Scenario A", "seed 002, Edge Cases Matrix: rows 2 and 7"],
  edges: 2,
  jobs: ["new-job.yaml"],
  needs: ["kept-identity"],
  // A node that counts as lost is given up, and that is another story.
  atLeast: { lostTimeout: 60_000 },
  expected: {
    none: "violated L2",
    block: "held",
    redispatch: "held",
    pull: "held",
    resync: "held",
    supersede: "violated L2",
  },
  async run({ edges, deploy, until, premise, claim }) {
    const away = edges.first(1);
    await away.kill();
    await until(away.areBelieved("disconnected"));
    const job = await deploy("new-job.yaml");
    await until(job.isDispatchedTo(away));
    await premise(away.areBelieved("disconnected")); // not lost yet
    await away.recreate({ identity: "kept" });
    await claim(job.runsOn(edges));
  },
});
