import {
  allBelievedConnected,
  allReady,
  claimIs,
  everythingCountsAsRunning,
  eachNodeIsThereTwice,
  hasBitten,
  newestJobIs,
  waitsForWhatIsGone,
} from "./remarks.ts";
import type { Script } from "./script.ts";

/** What seed 000 runs into in the cloud: edges that are recreated are new nodes. Nothing here needs the orchestrator's log. */
export const GHOST: Script = {
  "begin 1": {
    look: "Both nodes are connected, and can be sent to: this is how it should be.",
    remarks: () => [allReady("Every node is connected and can be sent to.")],
  },
  "deploy 1": {
    title: "Deploy a working job (test-job.yaml)",
    look: "One execution on each node: wanted running, and running.",
    remarks: () => [newestJobIs("The job runs on every node.", "running", "running")],
  },
  "kill 1": {
    title: "Kill the edges (docker rm -f)",
    look: "Nothing has changed in the tables: nobody has told the orchestrator.",
    remarks: () => [
      hasBitten("The edges are gone, and that is proven."),
      allBelievedConnected("The orchestrator still believes every one of them connected."),
      everythingCountsAsRunning("And that they run their job."),
    ],
  },
  "recreate 1": {
    title: "Bring the edges back, as new nodes (new ids, nothing on their disks)",
    why: "They have the names of before and ask for an identity of their own. The old ids stay in the list, and nobody will ever answer for them.",
    look: "The ids. Those of before, where they are listed, count as connected until they have been silent for long enough.",
    remarks: (expected) =>
      expected === "held"
        ? []
        : [eachNodeIsThereTwice("Each name is there twice, under its old id and under its new one.")],
  },
  "deploy 2": {
    title: "Deploy the same job once more (--force)",
    why: "The new nodes get an execution each. Those of the old nodes are to stop first, and each is told so by NATS: a message to nobody.",
    look: "Rows marked <--, if there are any: wanted stopped, and running for ever, on ids that nobody has any more.",
    remarks: (expected) =>
      expected === "held"
        ? []
        : [waitsForWhatIsGone("The job waits for executions to stop of which nobody is left.")],
  },
  "claim 1": {
    title: "Check the job: does it leave `deploying`?",
    look: "It runs on every edge that there is. If it is not done all the same, that is the loss: a ghost (L8).",
    remarks: (expected) =>
      expected === "held"
        ? [claimIs("Whatever was given to the old nodes, the job is done.", true)]
        : [
            waitsForWhatIsGone("It still waits for executions to stop of which nobody is left."),
            claimIs("It does not leave `deploying`, W after it runs on every living node.", false),
          ],
  },
};
