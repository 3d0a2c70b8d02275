import { defineScenario } from "../harness/index.ts";

export default defineScenario({
  id: "deploy-in-disconnect-window",
  claim: "A job deployed before a dead node is noticed runs once the node is back.",
  covers: ["seed 002, Reproduce the bug", "seed 002, The 5-Minute Disconnect Window"],
  edges: 2,
  jobs: ["test-job.yaml", "new-job.yaml"],
  needs: ["kept-identity"],
  // The window has to be wide enough for what is done in it, on a busy machine too.
  atLeast: { disconnectTimeout: 10_000 },
  expected: {
    none: "violated L1",
    block: "violated L1",
    redispatch: "held",
    pull: "held",
    resync: "held",
    supersede: "violated L1",
  },
  async run({ edges, deploy, until, premise, claim }) {
    const first = await deploy("test-job.yaml");
    await until(first.runsOn(edges));
    await edges.kill();
    const second = await deploy("new-job.yaml"); // nobody is listening
    await until(second.isDispatchedTo(edges));
    await premise(edges.areBelieved("connected"));
    await edges.recreate({ identity: "kept" });
    await claim(second.runsOn(edges));
  },
});
