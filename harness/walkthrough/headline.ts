import {
  allBelievedConnected,
  allReady,
  claimIs,
  connectionsDropped,
  everyRequestArrived,
  everythingCountsAsRunning,
  handedToNobody,
  hasBitten,
  lookedAtAgain,
  neverSentAgain,
  newestJobIs,
  nothingRefused,
  publishedToEach,
  returnedAsTheSameNodes,
  seenToBeStuck,
  sentAgain,
} from "./remarks.ts";
import type { Script } from "./script.ts";

/** The interactive script of the seeds, step by step (seed 002, "Reproduce the bug"; seed 000, `repro.sh`). */
export const HEADLINE: Script = {
  "begin 1": {
    look: "Both nodes are connected, and can be sent to: this is how it should be.",
    remarks: () => [allReady("Every node is connected and can be sent to.")],
  },
  "deploy 1": {
    title: "Deploy a working job (test-job.yaml)",
    why: "It proves that things work: the scheduler creates an execution for each node, the dispatcher sends it.",
    look: "The success path of seed 001: DISPATCH, PUBLISH, EDGE: Received.",
    remarks: () => [
      everyRequestArrived("Every request that was published was received by its edge."),
      newestJobIs("The job runs on every node.", "running", "running"),
    ],
  },
  "kill 1": {
    title: "Kill the edges (docker rm -f)",
    look: "Nothing has changed in the tables. That is the window in which jobs get lost.",
    remarks: () => [
      hasBitten("The edges are gone, and that is proven."),
      connectionsDropped("NATS has dropped their connections: nobody listens for them any more."),
      allBelievedConnected("The orchestrator still believes every one of them connected."),
      everythingCountsAsRunning("And that they run their job."),
    ],
  },
  "deploy 2": {
    title: "Deploy a NEW job while the edges are dead (new-job.yaml)",
    why:
      "The orchestrator has no reason to wait: it takes the nodes for connected. Publishing to nobody is no " +
      "error in NATS, so the dispatcher will think that all went well.",
    look: "The failure path of seed 002: DISPATCH, PUBLISH, and no line of an edge.",
    remarks: () => [
      publishedToEach("A request was published for every execution."),
      handedToNobody("NATS took each of them in, and handed none to anybody: the messages are lost."),
      nothingRefused("No error was raised, so there is nothing that anybody could retry."),
      newestJobIs("The job is `deploying`, its executions are pending.", "deploying", "pending"),
    ],
  },
  "recreate 1": {
    title: "Bring the edges back (same ids, same data)",
    why: "If anything heals the job it is this: the nodes join again, and the orchestrator is told.",
    look: "The handshakes. Each of them leads to one more look at every job, after the batch.",
    remarks: () => [returnedAsTheSameNodes("The same nodes have shaken hands again.")],
  },
  "claim 1": {
    title: "Check the new job: does it run now?",
    look: "The recovery that does not happen (seed 002), or does, under a fix that cures it.",
    remarks: (expected) =>
      expected === "held"
        ? [
            claimIs("The job runs on every node.", true),
            sentAgain("Its requests were sent again, to nodes that were there."),
          ]
        : [
            lookedAtAgain("The job was looked at again because its nodes had joined."),
            seenToBeStuck("The scheduler saw executions that exist, found them stuck, and left them alone."),
            neverSentAgain("Nothing was sent again: to the dispatcher they were done with."),
            newestJobIs("The job is still `deploying`, its executions pending.", "deploying", "pending"),
            claimIs("It does not run, W after its nodes were back.", false),
          ],
  },
};
