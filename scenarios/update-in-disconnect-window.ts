import { defineScenario } from "../harness/index.ts";

export default defineScenario({
  id: "update-in-disconnect-window",
  claim:
    "After an update that was made before dead nodes were noticed, only the new version runs once they are back.",
  covers: ["seed 001, step 7, on the debug stack"],
  edges: 2,
  jobs: ["test-job.yaml", "test-job-v2.yaml"],
  needs: ["kept-identity"],
  // The window has to be wide enough for what is done in it, on a busy machine too.
  atLeast: { disconnectTimeout: 10_000 },
  expected: { "*": "violated L6", pull: "held", resync: "held" },
  async run({ edges, deploy, until, premise, claim }) {
    const job = await deploy("test-job.yaml");
    await until(job.runsOn(edges));
    await edges.kill();
    const updated = await deploy("test-job-v2.yaml"); // nobody is told to stop the old one
    await until(updated.isDispatchedTo(edges));
    await premise(edges.areBelieved("connected"));
    await edges.recreate({ identity: "kept" });
    await claim(updated.reallyRunsOn(edges));
  },
});
