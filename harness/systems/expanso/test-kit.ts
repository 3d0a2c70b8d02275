import type { LogReading } from "../../logs/pattern.ts";
import type { Entry } from "../../timeline/entry.ts";
import { createTimelineRecorder } from "../../timeline/timeline.ts";
import type { ExecutionSeen, NodeSeen } from "../../vocabulary.ts";
import { createExpansoLineReader } from "./line-reader.ts";

/** A line as a machine prints it, milliseconds after the run began. */
export interface Printed {
  readonly atMs: number;
  readonly machine: string;
  readonly text: string;
}

/** A request for an execution on its way to an edge; ids are made of the two. */
export interface Sent {
  readonly job: string;
  readonly edge: string;
  /** A run, unless told. */
  readonly command?: "stop_execution";
}

const STARTED_MS = Date.UTC(2026, 10, 21, 22, 57, 41, 567);
const STATUS = "expanso.orchestrator.status";
const CLIENT = '"v3.4.0:nats.js:expanso-orchestrator"';

/** What an edge says that it runs. */
export interface Word {
  readonly edge: string;
  readonly runs: readonly Sent[];
}

/** What the harness makes of these lines: a record in order of time, and a last look at orchestrator and edges. */
export function recordOf(
  lines: readonly Printed[],
  looks: readonly ExecutionSeen[] = [],
  words: readonly Word[] = [],
  nodes: readonly NodeSeen[] = [],
): readonly Entry[] {
  const recorder = createTimelineRecorder(() => {});
  for (const { timeMs, pattern, machine, fields, text } of readingsOf(lines))
    recorder.record(timeMs - STARTED_MS, { kind: "log", pattern: pattern.name, machine, fields, text });
  for (const { edge, runs } of words)
    recorder.record(7_680, { kind: "running-on", edge, executionIds: runs.map(executionId) });
  recorder.record(7_686, { kind: "state", seen: { nodes, jobs: [], executions: looks } });
  return recorder.entries();
}

export function readingsOf(lines: readonly Printed[]): LogReading[] {
  const read = createExpansoLineReader();
  return lines
    .toSorted((a, b) => a.atMs - b.atMs)
    .flatMap(({ machine, text, atMs }) => read({ machine, text, atMs: STARTED_MS + atMs }));
}

export function pendingExecution({ job, edge }: Sent, at: Partial<ExecutionSeen> = {}): ExecutionSeen {
  return {
    id: executionId({ job, edge }),
    jobId: jobId(job),
    jobVersion: 1,
    nodeId: nodeId(edge),
    desired: "running",
    observed: "pending",
    ...at,
  };
}

export const executionId = ({ job, edge }: Sent): string => `e-${job}-${edge}`;
export const nodeId = (edge: string): string => `id-of-${edge}`;
export const subjectOf = (edge: string): string => `expanso.node.${nodeId(edge)}.in`;
const jobId = (job: string): string => `j-${job}`;

// What the orchestrator prints.

export function started(atMs: number): Printed {
  return orchestrator(atMs, "INFO  ORCHESTRATOR: Started recovery=none avoid=any-job");
}

/** `as`: the id under which the edge introduces itself. */
export function shookHands(atMs: number, edge: string, was = "disconnected", as = nodeId(edge)): Printed {
  const plane = was === "connected" ? "ready" : "none";
  return orchestrator(
    atMs,
    `INFO  HANDSHAKE: Node handshake completed node_id=${as} node_name=${edge} previous_state=${was} data_plane=${plane}`,
  );
}

export function dataPlaneReady(atMs: number, edge: string): Printed {
  return orchestrator(atMs, `INFO  TRANSPORT: Data plane ready ${node(edge)}`);
}

export function noticedGone(atMs: number, edge: string): Printed {
  return orchestrator(
    atMs,
    `WARN  NODE: leave - marked disconnected ${node(edge)} why="no heartbeat for 3004 ms"`,
  );
}

export function rolloutChecked(
  atMs: number,
  job: string,
  { place = 0, trigger = "node-join" }: { readonly place?: number; readonly trigger?: string } = {},
): Printed {
  return orchestrator(
    atMs,
    `INFO  RECONCILER: Checking rollout completion unscheduled_count=${place} is_wave_conclusive=false ` +
      `job=${job} job_id=${jobId(job)} eval_id=a50ccc87 trigger=${trigger} state=deploying place=${place} stop=0`,
  );
}

export function batchQueued(atMs: number, edge: string): Printed {
  return orchestrator(
    atMs,
    `INFO  REEVALUATOR: queuing for batch ${node(edge)} trigger=node-join batch_ms=1000`,
  );
}

export function batchStarted(atMs: number, events: number): Printed {
  return orchestrator(atMs, `INFO  REEVALUATOR: Processing batch - START events=${events}`);
}

export function evaluationCreated(atMs: number, job: string): Printed {
  return orchestrator(
    atMs,
    `INFO  REEVALUATOR: Created evaluation for job (trigger=node-join) job=${job} job_id=${jobId(job)} ` +
      "eval_id=a50ccc87 trigger=node-join",
  );
}

export function attempted(atMs: number, sent: Sent): Printed {
  return orchestrator(atMs, `INFO  DISPATCH: Attempting to send message ${execution(sent)}`);
}

export function published(atMs: number, sent: Sent): Printed {
  return orchestrator(atMs, `INFO  PUBLISH: connection_exists=true connection_alive=true ${execution(sent)}`);
}

/** The three lines of a message that was not sent. */
export function refused(atMs: number, sent: Sent): readonly Printed[] {
  return [
    `WARN  PUBLISH: Node not connected - message will be LOST ${execution(sent)} connection_exists=false`,
    `WARN  PUBLISH: Node not connected - returning ErrNodeNotConnected ${execution(sent)}`,
    `ERROR DISPATCH: Failed to send message - EVENT WILL BE SKIPPED ${execution(sent)}`,
  ].map((text) => orchestrator(atMs, text));
}

export function blocked(atMs: number, seq: number, retryInMs: number, watcher = "dispatcher"): Printed {
  return orchestrator(
    atMs,
    `WARN  WATCHER: Event failed, everything behind it waits watcher=${watcher} event=execution-created ` +
      `seq=${seq} retry_in_ms=${retryInMs} error=ErrNodeNotConnected`,
  );
}

export function moveRefused(atMs: number): Printed {
  return orchestrator(atMs, "ERROR STORE: Illegal state move refused what=e-1 from=stopped to=completed");
}

// What the broker records.

export function connected(atMs: number, client: string, cid: number): Printed {
  const options = `{"verbose":false,"name":"${client}","lang":"nats.js"}`;
  return nats(atMs, `cid:${cid} - <<- [CONNECT ${options}]`);
}

export function closed(atMs: number, client: string, cid: number): Printed {
  return nats(atMs, `cid:${cid} - "v3.4.0:nats.js:${client}" - Client connection closed: Client Closed`);
}

/** An edge listens for what is sent to it. */
export function listened(atMs: number, edge: string, cid: number, as = nodeId(edge)): Printed {
  return nats(atMs, `cid:${cid} - "v3.4.0:nats.js:expanso-edge ${edge}" - <<- [SUB expanso.node.${as}.in 1]`);
}

/** A PUB and its payload. */
export function takenIn(atMs: number, sent: Sent): readonly Printed[] {
  const payload = JSON.stringify({ kind: commandOf(sent), execution_id: executionId(sent) });
  return pub(atMs, `cid:6 - ${CLIENT}`, subjectOf(sent.edge), payload);
}

/** An edge's report, taken in on its own connection. */
export function reportTaken(atMs: number, sent: Sent, state: string, cid: number): readonly Printed[] {
  const report = { node_id: nodeId(sent.edge), execution_id: executionId(sent), state, message: "" };
  const client = `cid:${cid} - "v3.4.0:nats.js:expanso-edge ${sent.edge}"`;
  return pub(atMs, client, STATUS, JSON.stringify(report));
}

export function reportDelivered(atMs: number): Printed {
  return nats(atMs, `cid:6 - ${CLIENT} - ->> [MSG ${STATUS} 3 120]`);
}

function pub(atMs: number, client: string, subject: string, payload: string): readonly Printed[] {
  return [
    nats(atMs, `${client} - <<- [PUB ${subject} ${Buffer.byteLength(payload)}]`),
    nats(atMs, `${client} - <<- MSG_PAYLOAD: [${JSON.stringify(payload)}]`),
  ];
}

export function delivered(atMs: number, edge: string): Printed {
  return nats(atMs, `cid:5 - "v3.4.0:nats.js:expanso-edge ${edge}" - ->> [MSG ${subjectOf(edge)} 1 369]`);
}

// What an edge prints.

export function received(atMs: number, sent: Sent): Printed {
  return edgeSays(
    atMs,
    sent,
    `EDGE: Received ${sent.command === undefined ? "Run" : "Stop"}ExecutionRequest`,
  );
}

export function changedTo(atMs: number, sent: Sent, state: string): Printed {
  return edgeSays(atMs, sent, "EDGE: Execution state changed", ` from=running to=${state}`);
}

export function resumed(atMs: number, sent: Sent): Printed {
  return edgeSays(atMs, sent, "EDGE: Resuming execution");
}

function edgeSays(atMs: number, sent: Sent, message: string, more = ""): Printed {
  const about = `execution_id=${executionId(sent)} job=${sent.job} job_id=${jobId(sent.job)}${more}`;
  return { atMs, machine: sent.edge, text: `${time(atMs)} INFO  ${message} ${about}` };
}

function orchestrator(atMs: number, text: string): Printed {
  return { atMs, machine: "orchestrator", text: `${time(atMs)} ${text}` };
}

function nats(atMs: number, text: string): Printed {
  const at = time(atMs).replaceAll("-", "/").replace("T", " ").replace("Z", "000");
  return { atMs, machine: "nats", text: `[1] ${at} [TRC] 10.201.4.131:36116 - ${text}` };
}

function node(edge: string): string {
  return `node_id=${nodeId(edge)} node_name=${edge}`;
}

function execution(sent: Sent): string {
  const { job, edge } = sent;
  return (
    `execution_id=${executionId(sent)} ${node(edge)} job=${job} job_id=${jobId(job)} ` +
    `eval_id=a54d5d10 command=${commandOf(sent)}`
  );
}

function commandOf({ command }: Sent): string {
  return command ?? "run_execution";
}

function time(atMs: number): string {
  return new Date(STARTED_MS + atMs).toISOString();
}
