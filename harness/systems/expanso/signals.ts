import { logged } from "../../timeline/timeline.ts";
import type { Signals } from "../system.ts";
import { BROKER, PATTERNS } from "./patterns.ts";

/** The name under which an edge connects to NATS. */
const EDGE_CLIENT = /^expanso-edge (?<edge>.+)$/;

export const expansoSignals: Signals = {
  isServing: ({ pattern }) => pattern === PATTERNS.apiListening,
  nodeReady: ({ pattern, fields }) => (pattern === PATTERNS.dataPlaneReady ? fields["node_name"] : undefined),
  nodeLeft: ({ pattern, fields }) =>
    pattern === PATTERNS.nodeLeft
      ? { edge: fields["node_name"] ?? "", state: fields["state"] ?? "" }
      : undefined,
  handshakeWith: ({ pattern, fields }) => (pattern === PATTERNS.handshake ? fields["node_name"] : undefined),
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
    const edge = EDGE_CLIENT.exec(fields["client"] ?? "")?.groups?.["edge"];
    return change === undefined || edge === undefined ? undefined : { edge, change, id: fields["cid"] ?? "" };
  },
  lastDispatchMs: (timeline, jobId) =>
    logged(timeline, PATTERNS.dispatchAttempt.name).findLast((entry) => entry.fields["job_id"] === jobId)
      ?.atMs,
  recoveryRound: (timeline, { jobId, afterMs }) =>
    logged(timeline, PATTERNS.rolloutChecked.name).find(
      (entry) =>
        entry.atMs >= afterMs && entry.fields["job_id"] === jobId && entry.fields["trigger"] === "node-join",
    ),
  lastHandshakeMs: (timeline) => logged(timeline, PATTERNS.handshake.name).at(-1)?.atMs,
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
