import type { Entry, EntryOf } from "../timeline/entry.ts";
import { ofKind } from "../timeline/timeline.ts";

/** Who takes part, from left to right; the first two are machines of that name. */
export const LANES = ["orchestrator", "nats", "edge"] as const;
export type Lane = (typeof LANES)[number];

/** One line of a drawing: between whom, or at whom. */
export type SequenceEvent = { readonly atMs: number } & (
  | { readonly kind: "arrow"; readonly from: Lane; readonly to: Lane; readonly text: string }
  | { readonly kind: "note"; readonly at: Lane; readonly text: string }
  /** A message ends here, and goes nowhere. */
  | { readonly kind: "lost"; readonly at: Lane; readonly text: string }
  | { readonly kind: "gone" | "back"; readonly at: Lane; readonly text: string }
);

/** What is drawn: the ways of one execution's messages. */
export interface SequenceSubject {
  readonly executionId: string;
  readonly jobId: string;
  readonly nodeId: string;
  /** The name of the edge that it is for. */
  readonly edge: string;
}

/**
 * The execution whose story explains the run: one that kept the claim from being met, else one of the claim's job
 * that was for a machine which something was done to. Undefined where the record names none.
 */
export function subjectOf(timeline: readonly Entry[]): SequenceSubject | undefined {
  const claim = claimOf(timeline);
  if (claim === undefined) return undefined;
  const named = ofKind(timeline, "log").filter(({ fields }) => fields["execution_id"] !== undefined);
  const stuck = new Set(claim.stuck.map(({ id }) => id));
  const hit = new Set(ofKind(timeline, "fault").flatMap(({ machines }) => machines));
  const candidates = named.flatMap(({ fields }) => {
    const { execution_id: executionId, job_id: jobId, node_id: nodeId, node_name: edge } = fields;
    if (executionId === undefined || jobId === undefined || nodeId === undefined || edge === undefined)
      return [];
    if (stuck.size > 0 ? !stuck.has(executionId) : jobId !== claim.job) return [];
    return [{ executionId, jobId, nodeId, edge }];
  });
  return candidates.find(({ edge }) => hit.has(edge)) ?? candidates[0];
}

/**
 * What happened to the messages of one execution, in order, from the first deed against its machines before it was
 * heard of to the end of the claim. Pure: reads nothing but the record; a message counts as lost where the record has
 * no receipt of it.
 */
export function sequenceEvents(
  timeline: readonly Entry[],
  subject: SequenceSubject,
): readonly SequenceEvent[] {
  const first = timeline.findIndex((entry) => entry.kind === "log" && isOf(entry, subject));
  const deed = timeline.findIndex(
    (entry, index) => index < first && deedAgainst(entry, subject) !== undefined,
  );
  const from = deed === -1 ? firstContact(timeline, subject, first) : deed;
  const claim = claimOf(timeline);
  const end = timeline.findIndex((entry) => entry === claim);
  const told = timeline.slice(Math.max(0, from), end + 1);
  // What has made a claim true may be logged right after it; what follows one that was not met came too late.
  const receipts = claim?.held === true ? timeline.slice(Math.max(0, from)) : told;
  return withoutRepeats(told.flatMap((entry, index) => eventsOf(entry, receipts.slice(index + 1), subject)));
}

/** Where nothing was done to its machines before, its node's handshake begins the story. */
function firstContact(timeline: readonly Entry[], subject: SequenceSubject, first: number): number {
  const handshake = timeline.findLastIndex(
    (entry, index) => index < first && isLog(entry, "handshake-completed") && isAtNode(entry, subject),
  );
  return handshake === -1 ? first : handshake;
}

/** The claim that was not met, else the last one. */
function claimOf(timeline: readonly Entry[]): EntryOf<"claim"> | undefined {
  const claims = ofKind(timeline, "claim");
  return claims.find(({ held }) => !held) ?? claims.at(-1);
}

function eventsOf(entry: Entry, later: readonly Entry[], subject: SequenceSubject): readonly SequenceEvent[] {
  const { atMs } = entry;
  const deed = deedAgainst(entry, subject);
  if (deed !== undefined) return [{ atMs, ...deed }];
  if (entry.kind === "claim") {
    return [
      {
        atMs,
        kind: "note",
        at: "orchestrator",
        text: entry.held ? "the claim is met" : "W is over: not met",
      },
    ];
  }
  if (entry.kind !== "log") return [];
  if (isOf(entry, subject)) return ofExecution(entry, later, subject);
  if (isAtNode(entry, subject)) return ofNode(entry);
  const isOfJob = entry.fields["job_id"] === subject.jobId;
  if (isOfJob && entry.pattern === "evaluation-created") {
    return [note(atMs, "orchestrator", `looks at the job again (${entry.fields["trigger"] ?? ""})`)];
  }
  return [];
}

/** What is done to a machine, as it is drawn. */
const DEEDS: Readonly<Record<string, { readonly kind: "gone" | "back"; readonly text: string } | undefined>> =
  {
    kill: { kind: "gone", text: "killed" },
    pause: { kind: "gone", text: "frozen" },
    cut: { kind: "gone", text: "cut off" },
    start: { kind: "back", text: "started" },
    restart: { kind: "back", text: "restarted" },
    recreate: { kind: "back", text: "recreated" },
    resume: { kind: "back", text: "goes on" },
    heal: { kind: "back", text: "back" },
  };

function deedAgainst(entry: Entry, { edge }: SequenceSubject) {
  if (entry.kind !== "step" || entry.act === undefined || !("machines" in entry.act)) return undefined;
  const { do: what, machines } = entry.act;
  const lane = LANES.find((lane) => machines.includes(lane === "edge" ? edge : lane));
  const deed = DEEDS[what];
  return lane === undefined || deed === undefined ? undefined : { at: lane, ...deed };
}

function ofExecution(
  entry: EntryOf<"log">,
  later: readonly Entry[],
  subject: SequenceSubject,
): readonly SequenceEvent[] {
  const { atMs, fields } = entry;
  const what = (fields["command"] ?? "message").replace(/_.*$/, "");
  switch (entry.pattern) {
    case "published": {
      const again = later.findIndex((next) => isLog(next, "published") && isOf(next, subject));
      const answer = again === -1 ? later : later.slice(0, again);
      const wanted = what === "stop" ? "stop-received" : "request-received";
      if (answer.some((next) => isLog(next, wanted) && isOf(next, subject)))
        return [{ atMs, kind: "arrow", from: "orchestrator", to: "edge", text: what }];
      const handed = answer.some((next) => isLog(next, "broker-msg") && isAtNode(next, subject));
      return [
        { atMs, kind: "arrow", from: "orchestrator", to: "nats", text: what },
        { atMs, kind: "lost", at: "nats", text: handed ? "lost on the way" : "nobody listens: lost" },
      ];
    }
    case "publish-refused":
      return [{ atMs, kind: "lost", at: "orchestrator", text: `${what}: refused, node not connected` }];
    case "dispatch-skipped":
      return [note(atMs, "orchestrator", "skips the event: lost")];
    case "event-blocked":
      return [note(atMs, "orchestrator", "will try it again, and nothing else")];
    case "stuck-detected": {
      const next = later.find((next): next is EntryOf<"log"> => next.kind === "log" && isOf(next, subject));
      const isSentAgain = next?.pattern === "dispatch-attempt" || next?.pattern === "published";
      return [
        note(atMs, "orchestrator", isSentAgain ? "sees it stuck" : "sees it stuck, and leaves it alone"),
      ];
    }
    case "execution-resumed":
      return [note(atMs, "edge", "resumes it")];
    case "edge-state-changed":
      return [note(atMs, "edge", fields["to"] ?? fields["state"] ?? "")];
    case "broker-pub": {
      // A request is told by the orchestrator's own line; here it is the report of an edge.
      const state = fields["state"];
      if (state === undefined) return [];
      const arrived = later.some(
        (next) => isLog(next, "status-changed") && isOf(next, subject) && next.fields["to"] === state,
      );
      if (arrived) return [{ atMs, kind: "arrow", from: "edge", to: "orchestrator", text: state }];
      return [
        { atMs, kind: "arrow", from: "edge", to: "nats", text: state },
        { atMs, kind: "lost", at: "nats", text: "nobody listens: lost" },
      ];
    }
    default:
      return [];
  }
}

function ofNode(entry: EntryOf<"log">): readonly SequenceEvent[] {
  const { atMs } = entry;
  switch (entry.pattern) {
    case "handshake-completed":
      return [{ atMs, kind: "arrow", from: "edge", to: "orchestrator", text: "handshake" }];
    case "data-plane-ready":
      return [note(atMs, "orchestrator", "data plane ready: can send to it")];
    case "node-left":
      return [note(atMs, "orchestrator", `notices that it is ${entry.fields["state"] ?? "gone"}`)];
    default:
      return [];
  }
}

/** What is said twice without anything between is said once. */
function withoutRepeats(events: readonly SequenceEvent[]): readonly SequenceEvent[] {
  const kept: SequenceEvent[] = [];
  let said = new Set<string>();
  for (const event of events) {
    if (event.kind !== "note") said = new Set();
    else if (said.has(event.text)) continue;
    else said.add(event.text);
    kept.push(event);
  }
  return kept;
}

function note(atMs: number, at: Lane, text: string): SequenceEvent {
  return { atMs, kind: "note", at, text };
}

function isLog(entry: Entry, pattern: string): entry is EntryOf<"log"> {
  return entry.kind === "log" && entry.pattern === pattern;
}

function isOf({ fields }: EntryOf<"log">, { executionId }: SequenceSubject): boolean {
  return fields["execution_id"] === executionId;
}

/** By the node's id, or, where an edge has come back under another one, by its name. */
function isAtNode({ fields }: EntryOf<"log">, { nodeId, edge }: SequenceSubject): boolean {
  return fields["node_id"] === nodeId || fields["node_name"] === edge;
}
