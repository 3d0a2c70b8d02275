import { defineScenario } from "../harness/index.ts";

export default defineScenario({
  id: "dead-node-blocks-dispatcher",
  claim: "A node that is gone for good does not hold up what is sent to another.",
  covers: ['seed 002, approach A: "could block"'],
  edges: 2,
  leastEdges: 2,
  jobs: ["test-job.yaml", "second-edge-job.yaml"],
  needs: ["edge-labels"],
  spoiledBy: ["block"],
  // A node that counts as lost is given up, and that is another story.
  atLeast: { lostTimeout: 60_000 },
  expected: { "*": "held", block: "violated" },
  async run({ edges, deploy, until, claim }) {
    const dead = edges.first(1);
    await dead.kill();
    await until(dead.areBelieved("disconnected"));
    const everywhere = await deploy("test-job.yaml");
    await until(everywhere.isDispatchedTo(dead));
    const elsewhere = await deploy("second-edge-job.yaml");
    await claim(elsewhere.runsOn(edges.only(2)));
  },
});
