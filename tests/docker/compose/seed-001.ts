import { execution, HANDSHAKE, job } from "./seed-002.ts";
import type { Step } from "./step.ts";

/** Seed 001's commands, between those that go on ("no -d, watch logs"); comments in quotes are the seed's. */

/** "In another terminal, reproduce", steps 1 to 3. */
export const UNTIL_KILLED: readonly Step[] = [
  // "Check nodes connected"
  {
    types: "docker exec -it orchestrator-debug expanso-cli node list",
    shows: [/ edge1-debug +connected /, / edge2-debug +connected /],
  },
  // "Create a job": /path/to/job.yaml is for a file that is in the container.
  { types: "docker cp pipelines/test-job.yaml orchestrator-debug:/tmp/" },
  { types: "docker exec -it orchestrator-debug expanso-cli job run /tmp/test-job.yaml" },
  {
    types: "docker exec -it orchestrator-debug expanso-cli execution list",
    shows: ["edge1-debug", "edge2-debug"].map((edge) => execution("test-heartbeat", edge, "running")),
  },
  { types: "docker rm -f edge1-debug edge2-debug" },
];

/** After step 4, "Restart edges": the job is looked at, and goes on. */
export const WATCHED: readonly Step[] = [
  {
    types: "sleep 20",
    logs: [
      [HANDSHAKE, 4],
      [/REEVALUATOR: Created evaluation for job \(trigger=node-join\).* job=test-heartbeat/, 1],
    ],
  },
  {
    types: "docker exec -it orchestrator-debug expanso-cli job list",
    shows: [job("test-heartbeat", "running")],
  },
];

/** The fast stack without edges: a job that waits for one, and the edges' first handshakes. */
export const FIRST_HANDSHAKE: readonly Step[] = [
  {
    types: "docker compose -f docker-compose.debug-fast.yml up -d nats orchestrator",
    logs: [[/API: Listening/, 1]],
  },
  { types: "docker cp pipelines/test-job.yaml orchestrator-debug-fast:/tmp/" },
  { types: "docker exec orchestrator-debug-fast expanso-cli job deploy /tmp/test-job.yaml" },
  {
    types: "docker exec orchestrator-debug-fast expanso-cli job list",
    shows: [job("test-heartbeat", "queued")],
  },
  {
    types: "docker compose -f docker-compose.debug-fast.yml up -d",
    logs: [
      [/REEVALUATOR: Processing batch - START/, 1],
      [/REEVALUATOR: Created evaluation for job/, 1],
      [/RECONCILER: STUCK EXECUTIONS DETECTED/, 1],
    ],
  },
  {
    types: "docker exec orchestrator-debug-fast expanso-cli job list",
    shows: [job("test-heartbeat", "deploying")],
  },
];

/** "Timing Pattern to Watch", in its order; two of its messages are shortened there. */
export const TIMING_PATTERN: readonly RegExp[] = [
  /HANDSHAKE: Node handshake completed/,
  /REEVALUATOR: queuing for batch/,
  /DISPATCH: Attempting to send message/,
  /PUBLISH: Node not connected - returning ErrNodeNotConnected/,
  /DISPATCH: Failed to send message - EVENT WILL BE SKIPPED/,
  /REEVALUATOR: Processing batch - START/,
  /REEVALUATOR: Created evaluation for job/,
];
