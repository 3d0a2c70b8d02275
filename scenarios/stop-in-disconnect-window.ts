import { defineScenario } from "../harness/index.ts";

export default defineScenario({
  id: "stop-in-disconnect-window",
  claim: "A job that was stopped before dead nodes were noticed runs nowhere once they are back.",
  covers: ["seed 002, bidirectional message loss"],
  edges: 2,
  jobs: ["test-job.yaml"],
  needs: ["kept-identity"],
  // The window has to be wide enough for what is done in it, on a busy machine too.
  atLeast: { disconnectTimeout: 10_000 },
  expected: { "*": "violated L6", pull: "held", resync: "held" },
  async run({ edges, deploy, until, premise, claim }) {
    const job = await deploy("test-job.yaml");
    await until(job.runsOn(edges));
    await edges.kill();
    await job.stop(); // nobody is listening
    await until(job.isDispatchedTo(edges));
    await premise(edges.areBelieved("connected"));
    await edges.recreate({ identity: "kept" });
    await claim(job.runsNowhereOn(edges));
  },
});
