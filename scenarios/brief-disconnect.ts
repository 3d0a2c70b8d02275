import { all, defineScenario } from "../harness/index.ts";

export default defineScenario({
  id: "brief-disconnect",
  claim:
    "A node whose network is away for less than the disconnect timeout, and what runs on it, never count as gone.",
  covers: ["seed 002, Scenario C", "seed 002, Edge Cases Matrix: row 4"],
  edges: 2,
  jobs: ["test-job.yaml"],
  expected: { "*": "held" },
  async run({ edges, timing, deploy, until, always }) {
    const job = await deploy("test-job.yaml");
    await until(job.runsOn(edges));
    const before = await job.executions();
    const steady = edges.neverLeave();
    await edges.first(1).cutFor(timing.disconnectTimeout / 6);
    await always(all(steady, job.isUnchangedSince(before, edges)));
  },
});
