import { logged, ofKind } from "../../timeline/timeline.ts";
import type { Entry } from "../../timeline/entry.ts";
import type { DispatcherBlock, MembershipChange, Signals } from "../system.ts";
import { readReceived } from "./broker-record.ts";
import { roleOf } from "./machines.ts";
import { BROKER, PATTERNS } from "./patterns.ts";
import { recoveryRound } from "./recovery-round.ts";

/** The names under which edges and the orchestrator connect to NATS. */
const CLIENT = /^expanso-(?:edge (?<edge>.+)|(?<orchestrator>orchestrator))$/;

export const expansoSignals: Signals = {
  isServing: ({ pattern }) => pattern === PATTERNS.apiListening,
  nodeReady: ({ pattern, fields }) => (pattern === PATTERNS.dataPlaneReady ? fields["node_name"] : undefined),
  nodeLeft: ({ pattern, fields }) =>
    pattern === PATTERNS.nodeLeft
      ? { edge: fields["node_name"] ?? "", state: fields["state"] ?? "" }
      : undefined,
  handshakeWith: ({ pattern, fields }) => (pattern === PATTERNS.handshake ? fields["node_name"] : undefined),
  identityOf: ({ pattern, fields: { node_name: edge, node_id: nodeId } }) =>
    pattern === PATTERNS.handshake && edge !== undefined && nodeId !== undefined
      ? { edge, nodeId }
      : undefined,
  joinsWaiting: ({ pattern, fields }) => {
    if (pattern === PATTERNS.batchQueued) return 1;
    return pattern === PATTERNS.batchStarted ? -Number(fields["events"] ?? 0) : 0;
  },
  edgeOf: ({ machine, fields }) =>
    fields["node_name"] ??
    CLIENT.exec(fields["client"] ?? "")?.groups?.["edge"] ??
    (roleOf(machine) === "edge" ? machine : undefined),
  resumedOn: ({ pattern, machine }) => (pattern === PATTERNS.executionResumed ? machine : undefined),
  isExecutionChange: ({ pattern }) =>
    pattern === PATTERNS.statusChanged ||
    pattern === PATTERNS.edgeStateChanged ||
    pattern === PATTERNS.executionResumed,
  endOf: ({ pattern, machine, fields }, jobId) =>
    pattern === PATTERNS.edgeStateChanged && fields["job_id"] === jobId && isEnd(fields["to"])
      ? machine
      : undefined,
  isProgress: ({ pattern, fields }, jobId) =>
    pattern === PATTERNS.rolloutChecked &&
    fields["job_id"] === jobId &&
    fields["is_wave_conclusive"] === "true",
  isLooked: ({ pattern, fields }, jobId) => pattern === PATTERNS.rolloutChecked && fields["job_id"] === jobId,
  dispatchTo: ({ pattern, fields }, jobId) =>
    (pattern === PATTERNS.published || pattern === PATTERNS.publishRefused) && fields["job_id"] === jobId
      ? fields["node_name"]
      : undefined,
  brokerConnection: ({ pattern, fields }) => {
    const change = pattern === BROKER.opened ? "opened" : pattern === BROKER.closed ? "closed" : undefined;
    const machine = machineOf(fields["client"]);
    return change === undefined || machine === undefined
      ? undefined
      : { machine, change, id: fields["cid"] ?? "" };
  },
  returnsIn: (timeline) =>
    logged(timeline, BROKER.opened.name).flatMap(({ atMs, fields }) => {
      const machine = machineOf(fields["client"]);
      return machine === undefined ? [] : [{ machine, atMs, id: `cid ${fields["cid"] ?? ""}` }];
    }),
  heardFrom: (line) => (roleOf(line.machine) === "nats" ? readReceived(line) : undefined),
  lastDispatchMs: (timeline, jobId) =>
    logged(timeline, PATTERNS.dispatchAttempt.name).findLast((entry) => entry.fields["job_id"] === jobId)
      ?.atMs,
  recoveryRound,
  membership,
  illegalMoves: (timeline) => logged(timeline, PATTERNS.illegalMove.name),
  dispatcherBlock,
  missingLines,
};

function machineOf(client = ""): string | undefined {
  const name = CLIENT.exec(client)?.groups;
  return name?.["edge"] ?? name?.["orchestrator"];
}

function isEnd(state: string | undefined): boolean {
  return state === "completed" || state === "failed";
}

function membership(timeline: readonly Entry[]): MembershipChange[] {
  const changes = {
    [PATTERNS.handshake.name]: "joined",
    [PATTERNS.nodeLeft.name]: "left",
  } as const;
  return ofKind(timeline, "log").flatMap(({ pattern, fields, atMs }) => {
    const change = Object.hasOwn(changes, pattern) ? changes[pattern] : undefined;
    const { node_name: edge, node_id: nodeId } = fields;
    if (change === undefined || edge === undefined || nodeId === undefined) return [];
    return [{ edge, nodeId, change, atMs }];
  });
}

/** A try that is due may be late by so much before it counts as one that never came. */
const RETRY_SLACK_MS = 1_000;

/** Each failed try says when the next one is due: one that did not come back was the last. */
function dispatcherBlock(timeline: readonly Entry[], atMs: number): DispatcherBlock | undefined {
  const tries = logged(timeline, PATTERNS.eventBlocked.name).filter(
    (entry) => entry.fields["watcher"] === "dispatcher" && entry.atMs <= atMs,
  );
  const last = tries.at(-1);
  if (last === undefined) return undefined;
  if (last.atMs + Number(last.fields["retry_in_ms"] ?? 0) + RETRY_SLACK_MS < atMs) return undefined;
  const other = tries.findLastIndex((entry) => entry.fields["seq"] !== last.fields["seq"]);
  const own = tries.slice(other + 1);
  return { sinceMs: own[0]?.atMs ?? last.atMs, tries: own.length, because: last.fields["error"] ?? "" };
}

/** What must have been printed, given what the API and the broker say by themselves. */
function missingLines(timeline: readonly Entry[]): readonly string[] {
  const looks = ofKind(timeline, "state").map(({ seen }) => seen);
  const nodes = [...looks, ...ofKind(timeline, "nodes")].flatMap((look) => look.nodes);
  const executions = looks.flatMap((look) => look.executions);
  const taken = logged(timeline, BROKER.published.name).filter(({ fields }) => "node_id" in fields);
  const isAnyoneThere = nodes.some((node) => node.connection === "connected");
  const isAnythingSent = taken.length > 0 || executions.some(({ observed }) => observed === "running");
  return [
    ...(isAnyoneThere
      ? [BROKER.opened, PATTERNS.handshake, PATTERNS.dataPlaneReady, PATTERNS.batchQueued]
      : []),
    ...(executions.length > 0 ? [PATTERNS.rolloutChecked] : []),
    ...(isAnythingSent ? [PATTERNS.dispatchAttempt, PATTERNS.published] : []),
  ]
    .map((pattern) => pattern.name)
    .filter((name) => logged(timeline, name).length === 0);
}
