import { logPattern, type LogPattern } from "../../logs/pattern.ts";

/**
 * The log lines of an Expanso control plane. The messages are those that the seeds grep for (seed 001 and
 * 002, "Log Patterns to Watch"; spec 1-system, "Log lines").
 */
export const PATTERNS = {
  dispatchAttempt: logPattern({
    name: "dispatch-attempt",
    source: "orchestrator",
    match: /^DISPATCH: Attempting to send message(?= |$)/,
    means: "The dispatcher is about to send an execution to its node.",
    tell: true,
  }),
  dispatchSkipped: logPattern({
    name: "dispatch-skipped",
    source: "orchestrator",
    match: /^DISPATCH: Failed to send message - EVENT WILL BE SKIPPED(?= |$)/,
    means: "Sending failed and nothing will ever try again: the message is lost.",
    tell: true,
  }),
  published: logPattern({
    name: "published",
    source: "orchestrator",
    match: /^PUBLISH: connection_exists=true connection_alive=true(?= |$)/,
    means: "The orchestrator takes the node for connected and hands the message to NATS.",
    tell: true,
  }),
  publishLost: logPattern({
    name: "publish-lost",
    source: "orchestrator",
    match: /^PUBLISH: Node not connected - message will be LOST(?= |$)/,
    means: "There is no data plane for the node.",
    tell: true,
  }),
  publishRefused: logPattern({
    name: "publish-refused",
    source: "orchestrator",
    match: /^PUBLISH: Node not connected - returning ErrNodeNotConnected(?= |$)/,
    means: "The dispatcher is told that the message was not sent.",
  }),
  requestReceived: logPattern({
    name: "request-received",
    source: "edge",
    match: /^EDGE: Received RunExecutionRequest(?= |$)/,
    means: "The message has arrived.",
    tell: true,
  }),
  stopReceived: logPattern({
    name: "stop-received",
    source: "edge",
    match: /^EDGE: Received StopExecutionRequest(?= |$)/,
    means: "The edge is told to stop an execution.",
  }),
  edgeStateChanged: logPattern({
    name: "edge-state-changed",
    source: "edge",
    match: /^EDGE: Execution state changed(?= |$)/,
    means: "What an edge does with an execution has changed; it reports it once.",
  }),
  executionResumed: logPattern({
    name: "execution-resumed",
    source: "edge",
    match: /^EDGE: Resuming execution(?= |$)/,
    means: "An edge that was started anew goes on with what its data folder holds.",
  }),
  handshake: logPattern({
    name: "handshake-completed",
    source: "orchestrator",
    match: /^HANDSHAKE: Node handshake completed(?= |$)/,
    means: "The node counts as connected from here on; its data plane may not be there yet.",
    tell: true,
  }),
  dataPlaneReady: logPattern({
    name: "data-plane-ready",
    source: "orchestrator",
    match: /^TRANSPORT: Data plane ready(?= |$)/,
    means: "From here on the node can be sent to.",
    tell: true,
  }),
  batchQueued: logPattern({
    name: "batch-queued",
    source: "orchestrator",
    match: /^REEVALUATOR: queuing for batch(?= |$)/,
    means: "A join or leave waits for the batch.",
  }),
  batchStarted: logPattern({
    name: "batch-started",
    source: "orchestrator",
    match: /^REEVALUATOR: Processing batch - START(?= |$)/,
    means: "Joins and leaves are turned into evaluations.",
    tell: true,
  }),
  evaluationCreated: logPattern({
    name: "evaluation-created",
    source: "orchestrator",
    match: /^REEVALUATOR: Created evaluation for job \(trigger=(?<trigger>[a-z-]+)\)(?= |$)/,
    means: "The job will be looked at again because a node came or went.",
    tell: true,
  }),
  rolloutChecked: logPattern({
    name: "rollout-checked",
    source: "orchestrator",
    match:
      /^RECONCILER: Checking rollout completion unscheduled_count=\d+ is_wave_conclusive=(?:true|false)(?= |$)/,
    means: "The scheduler has looked at the job.",
  }),
  stuckDetected: logPattern({
    name: "stuck-detected",
    source: "orchestrator",
    match: /^RECONCILER: STUCK EXECUTIONS DETECTED - dispatch may have failed(?= |$)/,
    means: "The scheduler sees an execution that should have started, and does nothing about it.",
    tell: true,
  }),
  nodeAvoided: logPattern({
    name: "node-avoided",
    source: "orchestrator",
    match: /^RECONCILER: nodesToAvoid .*?skipping(?= |$)/,
    means: "The scheduler does not use a node because something is pending there.",
    tell: true,
  }),
  nodeLeft: logPattern({
    name: "node-left",
    source: "orchestrator",
    match: /^NODE: leave - marked (?<state>disconnected|lost|deleted)(?= |$)/,
    means: "The orchestrator has noticed that the node is gone.",
    tell: true,
  }),
  statusChanged: logPattern({
    name: "status-changed",
    source: "orchestrator",
    match: /^STATUS: Execution state changed(?= |$)/,
    means: "An edge's report has arrived.",
  }),
  orchestratorStarted: logPattern({
    name: "orchestrator-started",
    source: "orchestrator",
    match: /^ORCHESTRATOR: Started(?= |$)/,
    means: "The orchestrator is up; its dispatcher sees only events from here on.",
  }),
  apiListening: logPattern({
    name: "api-listening",
    source: "orchestrator",
    match: /^API: Listening(?= |$)/,
    means: "The orchestrator takes questions.",
  }),
  eventBlocked: logPattern({
    name: "event-blocked",
    source: "orchestrator",
    match: /^WATCHER: Event failed, everything behind it waits(?= |$)/,
    means: "A watcher retries one event, and reads no other until it succeeds.",
  }),
  illegalMove: logPattern({
    name: "illegal-move",
    source: "orchestrator",
    match: /^STORE: Illegal state move refused(?= |$)/,
    means: "Something tried to move a state in a way that the model forbids.",
    tell: true,
  }),
} as const satisfies Readonly<Record<string, LogPattern>>;

/** What the broker itself records (nats-server with `-DV`): see `broker-record.ts`. */
export const BROKER = {
  opened: logPattern({
    name: "broker-connection-opened",
    source: "nats",
    match: /\[CONNECT/,
    means: "A client has connected to NATS.",
  }),
  closed: logPattern({
    name: "broker-connection-closed",
    source: "nats",
    match: /Client connection closed/,
    means: "NATS has dropped a client: nobody listens there any more.",
  }),
  subscribed: logPattern({
    name: "broker-sub",
    source: "nats",
    match: /<<- \[SUB/,
    means: "A client listens for what is sent to a node.",
  }),
  published: logPattern({
    name: "broker-pub",
    source: "nats",
    match: /<<- \[PUB/,
    means: "NATS has taken a message in.",
  }),
  delivered: logPattern({
    name: "broker-msg",
    source: "nats",
    match: /->> \[MSG/,
    means: "NATS has handed a message to a subscriber.",
  }),
} as const satisfies Readonly<Record<string, LogPattern>>;
