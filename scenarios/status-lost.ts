import { defineScenario } from "../harness/index.ts";

export default defineScenario({
  id: "status-lost",
  claim: "A job that comes to its end while the orchestrator is away is `completed` once it is back.",
  covers: ["seed 002, bidirectional message loss"],
  edges: 2,
  jobs: ["short-job.yaml"],
  needs: ["orchestrator-machine"],
  expected: { "*": "violated L5", pull: "held", resync: "held" },
  async run({ edges, orchestrator, deploy, until, claim }) {
    const job = await deploy("short-job.yaml");
    await until(job.runsOn(edges));
    await orchestrator.kill();
    await until(job.endsOn(edges)); // and nobody hears of it
    await orchestrator.recreate();
    await claim(job.completesOn(edges));
  },
});
