import { defineScenario } from "../harness/index.ts";

export default defineScenario({
  id: "broker-restart-in-window",
  claim:
    "A job deployed while edges are cut off from a restarted broker runs on them, though none of them ever counted as gone.",
  covers: ["spec 3-scenarios: what tells `resync` from `pull`"],
  edges: 2,
  jobs: ["new-job.yaml"],
  needs: ["broker-machine"],
  // Nobody may count as disconnected in the time that a broker takes to return.
  atLeast: { disconnectTimeout: 15_000 },
  expected: { "*": "violated L1", resync: "held" },
  async run({ edges, broker, deploy, until, premise, log, claim }) {
    await until(edges.areSettledIn()); // or their first join would heal it
    let job;
    let back;
    {
      await using _cut = await edges.cut();
      await broker.kill();
      await broker.recreate();
      job = await deploy("new-job.yaml"); // nobody is listening
      await until(job.isDispatchedTo(edges));
      await premise(edges.areBelieved("connected"));
      back = log("broker-connection-opened", edges);
    }
    await until(back);
    await premise(edges.areBelieved("connected"));
    await claim(job.runsOn(edges));
  },
});
