import { defineScenario } from "../harness/index.ts";

export default defineScenario({
  id: "paused-edge-catches-up",
  claim: "A job deployed while an edge is paused runs on it as soon as it goes on.",
  covers: ["the control of the headline: a kill loses, a pause does not"],
  edges: 2,
  jobs: ["new-job.yaml"],
  // The window has to be wide enough for what is done in it, on a busy machine too.
  atLeast: { disconnectTimeout: 10_000 },
  expected: { "*": "held" },
  async run({ edges, deploy, until, premise, claim }) {
    const paused = edges.first(1);
    await paused.pause();
    const job = await deploy("new-job.yaml");
    await until(job.isDispatchedTo(edges));
    await premise(paused.areBelieved("connected"));
    await paused.resume();
    await claim(job.runsOn(edges));
  },
});
