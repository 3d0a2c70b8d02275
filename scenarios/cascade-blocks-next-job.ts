import { defineScenario } from "../harness/index.ts";

export default defineScenario({
  id: "cascade-blocks-next-job",
  claim: "A job that is stuck does not keep the next one from running.",
  covers: ["seed 002, extended scenario: cascading failure"],
  edges: 2,
  jobs: ["test-job.yaml", "new-job.yaml", "third-job.yaml"],
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
  ifSameJobAvoided: {
    expected: { "*": "held" },
    excepts: { 1: "the second job is stuck, and does not keep the third from running: that is the claim" },
  },
  async run({ edges, deploy, until, premise, claim }) {
    const first = await deploy("test-job.yaml");
    await until(first.runsOn(edges));
    await edges.kill();
    const second = await deploy("new-job.yaml"); // nobody is listening
    await until(second.isDispatchedTo(edges));
    await premise(edges.areBelieved("connected"));
    await edges.recreate({ identity: "kept" });
    await until(edges.areReady());
    const third = await deploy("third-job.yaml");
    await claim(third.runsOn(edges));
  },
});
