import type { Step } from "./step.ts";

/** Seed 002's commands, as it has them, on either stack; comments in quotes are the seed's. */
type Stack = "debug" | "debug-fast";

const TRIES = /DISPATCH: Attempting to send message .*job=new-test-job( |$)/m;
const HANDED_OVER = /PUBLISH: connection_exists=true connection_alive=true .*job=new-test-job( |$)/m;
/** Both edges can be sent to; a person who types has taken that long. */
const READY = /TRANSPORT: Data plane ready/;
/** A data plane that was never noticed to be dead is kept: the second time there is only the handshake. */
export const HANDSHAKE = /HANDSHAKE: Node handshake completed/;
const STUCK = /RECONCILER: STUCK EXECUTIONS DETECTED.* job=new-test-job( |$)/m;
const LOOKED_AT = /REEVALUATOR: Created evaluation for job \(trigger=node-join\).* job=new-test-job( |$)/m;

export function start(stack: Stack): Step {
  return { types: `docker compose -f docker-compose.${stack}.yml up -d`, logs: [[READY, 2]] };
}

/** "Reproduce the bug", steps 1 to 6. */
export function mainRepro(stack: Stack): readonly Step[] {
  return [
    ...untilRestarted(stack),
    // "Wait for reevaluator batch (15s delay)"
    { types: "sleep 20", logs: batch },
    ...stillStuck(stack),
  ];
}

/** "Extended Scenario: Cascading Node Blocking", steps 2 to 10, and "Verify the blocking behavior". */
export function cascade(stack: Stack): readonly Step[] {
  return [
    ...untilRestarted(stack),
    { types: "sleep 30", logs: batch },
    ...stillStuck(stack),
    // "9. Deploy THIRD job to demonstrate cascading failure"; the seed writes it to /tmp.
    { types: `cat > "$FOLDER/third-job.yaml" << 'EOF'\n${THIRD_JOB}EOF\n` },
    { types: `docker cp "$FOLDER/third-job.yaml" orchestrator-${stack}:/tmp/` },
    { types: `docker exec orchestrator-${stack} expanso-cli job deploy /tmp/third-job.yaml` },
    // "third-test-job shows "deploying" or "queued""
    {
      types: `docker exec orchestrator-${stack} expanso-cli job list`,
      shows: [job("third-test-job", "(deploying|queued)")],
    },
    // "No executions created for third-test-job on blocked nodes!"
    { types: `docker exec orchestrator-${stack} expanso-cli execution list | grep third`, exitCode: 1 },
    // "Check which nodes are being avoided"
    {
      types: `docker logs orchestrator-${stack} 2>&1 | grep -E "(STUCK|nodesToAvoid|skipping)"`,
      shows: [STUCK, ...["edge1", "edge2"].map((edge) => avoided(`${edge}-${stack}`))],
    },
  ];
}

function untilRestarted(stack: Stack): readonly Step[] {
  const edges = [`edge1-${stack}`, `edge2-${stack}`];
  const cli = `docker exec orchestrator-${stack} expanso-cli`;
  return [
    // "Should show edge1-debug and edge2-debug as connected"
    { types: `${cli} node list`, shows: edges.map((edge) => new RegExp(` ${edge} +connected `)) },
    { types: `docker cp pipelines/test-job.yaml orchestrator-${stack}:/tmp/` },
    { types: `${cli} job deploy /tmp/test-job.yaml` },
    // "Executions should be "running"", "Both nodes should have running executions"
    {
      types: `${cli} execution list`,
      shows: edges.map((edge) => execution("test-heartbeat", edge, "running")),
    },
    // "Kill edges WITHOUT waiting for orchestrator to detect"
    { types: `docker rm -f ${edges.join(" ")}` },
    // "IMMEDIATELY deploy second job"
    { types: `docker cp pipelines/new-job.yaml orchestrator-${stack}:/tmp/` },
    {
      types: `${cli} job deploy /tmp/new-job.yaml`,
      logs: [
        [TRIES, 2],
        [HANDED_OVER, 2],
      ],
    },
    // "new-test-job executions show state=pending, desired=running"
    {
      types: `${cli} execution list`,
      shows: edges.map((edge) => execution("new-test-job", edge, "pending")),
    },
    { types: `docker compose -f docker-compose.${stack}.yml up -d edge1 edge2` },
  ];
}

/** The nodes have been seen to join, and the scheduler has looked at the job again, for each of them. */
const batch: NonNullable<Step["logs"]> = [
  [HANDSHAKE, 4],
  [LOOKED_AT, 1],
  [STUCK, 2],
];

function stillStuck(stack: Stack): readonly Step[] {
  const cli = `docker exec orchestrator-${stack} expanso-cli`;
  return [
    // "new-test-job shows "deploying" instead of "running""
    { types: `${cli} job list`, shows: [job("new-test-job", "deploying"), job("test-heartbeat", "running")] },
    // "new-test-job executions STILL show state=pending"
    {
      types: `${cli} execution list`,
      shows: ["edge1", "edge2"].flatMap((edge) => [
        execution("new-test-job", `${edge}-${stack}`, "pending"),
        execution("test-heartbeat", `${edge}-${stack}`, "running"),
      ]),
      showsNo: [/new-test-job .* running +running/],
    },
    // "Success path" and "Failure path": the same two lines. "No new DISPATCH logs for the stuck job."
    {
      types: `docker logs orchestrator-${stack} 2>&1 | grep -E "(DISPATCH|PUBLISH|leave)"`,
      shows: [TRIES, HANDED_OVER],
      // Nobody was noticed to leave, nothing was refused.
      showsNo: [/leave/, /Node not connected/, /EVENT WILL BE SKIPPED/],
    },
  ];
}

/** A row of `job list`. */
export function job(name: string, state: string): RegExp {
  return new RegExp(`^\\S+ +${name} +\\S+ +\\d+ +${state}( |$)`, "m");
}

/** A row of `execution list`: wanted running. */
export function execution(name: string, edge: string, state: string): RegExp {
  return new RegExp(` ${name} +\\d+ +${edge} +${state} +running`);
}

function avoided(edge: string): RegExp {
  return new RegExp(`RECONCILER: nodesToAvoid .*skipping.* node_name=${edge} .*job=third-test-job( |$)`, "m");
}

const THIRD_JOB = `name: third-test-job
type: pipeline
config:
  input:
    generate:
      count: 0
      interval: 5s
      mapping: |
        root.message = "THIRD JOB"
  pipeline:
    processors:
      - mapping: |
          root = this
  output:
    stdout:
      codec: lines
`;
