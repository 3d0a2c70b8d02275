import { logged } from "../../timeline/timeline.ts";
import type { Signals } from "../system.ts";
import { BROKER, PATTERNS } from "./patterns.ts";

export const expansoSignals: Signals = {
  isNodeReady: ({ pattern, fields }, edge) =>
    pattern === PATTERNS.dataPlaneReady && fields["node_name"] === edge,
  isHandshake: ({ pattern, fields }, edge) => pattern === PATTERNS.handshake && fields["node_name"] === edge,
  isProgress: ({ pattern, fields }, jobId) =>
    pattern === PATTERNS.rolloutChecked &&
    fields["job_id"] === jobId &&
    fields["is_wave_conclusive"] === "true",
  isDispatch: ({ pattern, fields }, jobId) =>
    (pattern === PATTERNS.published || pattern === PATTERNS.publishRefused) && fields["job_id"] === jobId,
  isBrokerConnection: ({ pattern, fields }, edge) => {
    const change = pattern === BROKER.opened ? "opened" : pattern === BROKER.closed ? "closed" : undefined;
    if (change === undefined || fields["client"] !== `expanso-edge ${edge}`) return undefined;
    return { change, id: fields["cid"] ?? "" };
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
