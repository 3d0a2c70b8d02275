import { defineScenario } from "../harness/index.ts";

export default defineScenario({
  id: "restart-with-wiped-disk",
  claim: "A job's pipeline runs again on an edge that returns under its id with an empty disk.",
  covers: ["spec 1-system, L7: a volume lost"],
  edges: 2,
  jobs: ["test-job.yaml"],
  needs: ["kept-identity"],
  expected: { "*": "violated L7", pull: "held", resync: "held" },
  async run({ edges, deploy, until, claim }) {
    const job = await deploy("test-job.yaml");
    await until(job.runsOn(edges));
    await edges.kill();
    await edges.recreate({ identity: "wiped" });
    await claim(job.reallyRunsOn(edges));
  },
});
