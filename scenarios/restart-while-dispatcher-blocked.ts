import { defineScenario } from "../harness/index.ts";

export default defineScenario({
  id: "restart-while-dispatcher-blocked",
  claim: "What waited behind a blocked dispatcher runs after the orchestrator's restart.",
  covers: ["seed 002, approach A with an ephemeral watcher"],
  edges: 2,
  leastEdges: 2,
  jobs: ["test-job.yaml", "second-edge-job.yaml"],
  needs: ["edge-labels", "orchestrator-machine"],
  // A node that counts as lost is given up, and that is another story.
  atLeast: { lostTimeout: 60_000 },
  expected: { "*": "held", block: "violated L4" },
  async run({ edges, orchestrator, deploy, until, claim }) {
    const dead = edges.first(1);
    await dead.kill();
    await until(dead.areBelieved("disconnected"));
    const everywhere = await deploy("test-job.yaml");
    await until(everywhere.isDispatchedTo(dead));
    const elsewhere = await deploy("second-edge-job.yaml");
    await until(elsewhere.isPlanned());
    // Where nothing blocks it, it was sent at once; and its report would be lost with the orchestrator (L5).
    await until(elsewhere.isNotOnItsWayTo(edges.only(2)));
    await orchestrator.kill();
    await orchestrator.recreate();
    await claim(elsewhere.runsOn(edges.only(2)));
  },
});
