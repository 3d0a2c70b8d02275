import { logged } from "../../timeline/timeline.ts";
import type { Entry } from "../../timeline/entry.ts";
import type { Signals } from "../system.ts";
import { readReceived } from "./broker-record.ts";
import { roleOf } from "./machines.ts";
import { BROKER, PATTERNS } from "./patterns.ts";

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
  recoveryRound: (timeline, jobId) => {
    const looks = logged(timeline, PATTERNS.rolloutChecked.name).filter(
      (entry) => entry.fields["job_id"] === jobId,
    );
    const handshakeMs = logged(timeline, PATTERNS.handshake.name).at(-1)?.atMs ?? -1;
    if (looks[0] === undefined || handshakeMs < looks[0].atMs) return "none";
    const isRound = (entry: Entry) => entry.atMs >= handshakeMs;
    return looks.find((entry) => isRound(entry) && entry.fields["trigger"] === "node-join") ?? "due";
  },
  // A cluster that ran any job at all has printed each of these.
  missingLines: (timeline) =>
    [
      PATTERNS.handshake,
      PATTERNS.dataPlaneReady,
      PATTERNS.rolloutChecked,
      PATTERNS.dispatchAttempt,
      BROKER.opened,
    ]
      .map((pattern) => pattern.name)
      .filter((name) => logged(timeline, name).length === 0),
};

function machineOf(client = ""): string | undefined {
  const name = CLIENT.exec(client)?.groups;
  return name?.["edge"] ?? name?.["orchestrator"];
}

function isEnd(state: string | undefined): boolean {
  return state === "completed" || state === "failed";
}
