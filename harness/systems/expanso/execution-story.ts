import type { EntryOf } from "../../timeline/entry.ts";
import type { ClusterSeen, ExecutionSeen } from "../../vocabulary.ts";
import { nodeSubject, isStatusSubject } from "./broker-record.ts";
import { isAfter, type Evidence, type Line } from "./evidence.ts";
import { clientOf } from "./machines.ts";
import { BROKER, PATTERNS } from "./patterns.ts";

/** What the record says of one stuck execution. */
export interface Story {
  readonly execution: ExecutionSeen;
  /** The node's name. */
  readonly node: string;
  readonly trouble: Trouble;
  /** The way of the request that would end it: a stop for a zombie, a run for anything else. */
  readonly request: Way;
  /** A start of the orchestrator after the execution was made, at which its dispatcher lost its place. */
  readonly restarted: Line | undefined;
  /** What the edge has made of it last, where the orchestrator says otherwise, and the broker's record of the report. */
  readonly report:
    | { readonly changed: Line; readonly taken: Line | undefined; readonly delivered: Line | undefined }
    | undefined;
  /** What the edge itself said last of what it runs, if it was asked. */
  readonly word: EntryOf<"running-on"> | undefined;
  /** The handshake with which its node came back after it had last started or resumed it. */
  readonly returned: Line | undefined;
  /** The handshake by which its edge became another node, if nobody answers to the old id any more. */
  readonly successor: Line | undefined;
  /** The end of the last connection that listened for its node. */
  readonly fellSilent: Line | undefined;
  /** Without it the broker's silence means nothing. */
  readonly isBrokerRecorded: boolean;
}

/**
 * `waiting`: wanted, and not heard of. `zombie`: not wanted, and the edge says that it runs. `phantom`: said to
 * run, and the edge says that it does not.
 */
export type Trouble = "waiting" | "zombie" | "phantom" | "other";

/** How far one kind of request for an execution has come. */
export interface Way {
  readonly kind: "run" | "stop";
  readonly attempts: readonly Line[];
  /** The last time it was handed to the broker. */
  readonly published: Line | undefined;
  readonly refused: Line | undefined;
  /** The broker's record of it, and whether it went to anybody. */
  readonly taken: Line | undefined;
  readonly delivered: Line | undefined;
  readonly received: Line | undefined;
  /** The node's last handshake before the last attempt. */
  readonly shookHands: Line | undefined;
  readonly readyBetween: boolean;
  /** Unless the node has shaken hands since. */
  readonly noticedGone: Line | undefined;
}

export function storyOf(execution: ExecutionSeen, evidence: Evidence, seen: ClusterSeen): Story {
  const node = nameOf(execution.nodeId, evidence, seen);
  const word = evidence.wordOf(node);
  const trouble = troubleOf(execution, word);
  const listeners = evidence.listenersOn(nodeSubject(execution.nodeId));
  const isHeard = listeners.some(({ until }) => until === undefined);
  return {
    execution,
    node,
    trouble,
    request: wayOf(trouble === "zombie" ? "stop" : "run", execution, evidence),
    restarted: restartAfter(madeAt(execution, evidence), evidence),
    report: reportOf(execution, evidence),
    word,
    returned: returnOf(execution, node, evidence),
    successor: isHeard ? undefined : successorOf(execution.nodeId, node, evidence),
    fellSilent: isHeard ? undefined : listeners.at(-1)?.until,
    isBrokerRecorded: evidence.all(BROKER.opened).length > 0,
  };
}

function nameOf(nodeId: string, evidence: Evidence, seen: ClusterSeen): string {
  const told =
    evidence.ofNode(PATTERNS.handshake, nodeId)[0] ?? evidence.ofNode(PATTERNS.nodeLeft, nodeId)[0];
  return told?.fields["node_name"] ?? seen.nodes.find((node) => node.id === nodeId)?.name ?? nodeId;
}

function troubleOf(execution: ExecutionSeen, word: EntryOf<"running-on"> | undefined): Trouble {
  const { observed, desired } = execution;
  const isOpen = observed === "pending" || observed === "running";
  const runs = word?.executionIds.includes(execution.id);
  if (runs === true && !(isOpen && desired === "running")) return "zombie";
  if (observed === "pending" && desired === "running") return "waiting";
  if (runs === false && observed === "running" && desired === "running") return "phantom";
  return "other";
}

const COMMANDS = { run: "run_execution", stop: "stop_execution" } as const;

function wayOf(kind: Way["kind"], { id, nodeId }: ExecutionSeen, evidence: Evidence): Way {
  const own = (pattern: Parameters<Evidence["ofExecution"]>[0]) =>
    // A build that does not say which of the two it sends says it of runs.
    evidence
      .ofExecution(pattern, id)
      .filter(({ fields }) => (fields["command"] ?? COMMANDS.run) === COMMANDS[kind]);
  const attempts = own(PATTERNS.dispatchAttempt);
  const taken = own(BROKER.published).findLast(({ fields }) => fields["subject"] === nodeSubject(nodeId));
  const lastAttempt = attempts.at(-1);
  // In the same millisecond the order of the lines decides.
  const before = (line: Line) => lastAttempt === undefined || isAfter(lastAttempt, line);
  const shookHands = evidence.ofNode(PATTERNS.handshake, nodeId).findLast(before);
  const noticedGone = evidence.ofNode(PATTERNS.nodeLeft, nodeId).findLast(before);
  // The later of the two overrides the other.
  const isGone = noticedGone !== undefined && (shookHands === undefined || isAfter(noticedGone, shookHands));
  return {
    kind,
    attempts,
    published: own(PATTERNS.published).at(-1),
    refused: own(PATTERNS.publishLost).at(-1),
    taken,
    delivered: taken && evidence.deliveryOf(taken),
    received: evidence.ofExecution(kind === "run" ? PATTERNS.requestReceived : PATTERNS.stopReceived, id)[0],
    shookHands: isGone ? undefined : shookHands,
    readyBetween: evidence
      .ofNode(PATTERNS.dataPlaneReady, nodeId)
      .some((ready) => shookHands !== undefined && isAfter(ready, shookHands) && before(ready)),
    noticedGone: isGone ? noticedGone : undefined,
  };
}

/** The last round in which the scheduler placed anything of its job: none of it is younger. */
function madeAt(execution: ExecutionSeen, evidence: Evidence): Line | undefined {
  return evidence
    .all(PATTERNS.rolloutChecked)
    .findLast(({ fields }) => fields["job_id"] === execution.jobId && Number(fields["place"] ?? 0) > 0);
}

function restartAfter(made: Line | undefined, evidence: Evidence): Line | undefined {
  if (made === undefined) return undefined;
  const start = evidence.all(PATTERNS.orchestratorStarted).findLast((line) => isAfter(line, made));
  return start === undefined || readsOnAfter(start, evidence) ? undefined : start;
}

/** A dispatcher that is stuck behind the event of before has kept its place, and may come to the others yet. */
function readsOnAfter(start: Line, evidence: Evidence): boolean {
  const tries = evidence
    .all(PATTERNS.eventBlocked)
    .filter(({ fields }) => fields["watcher"] === "dispatcher");
  const before = new Set(tries.filter((line) => isAfter(start, line)).map(({ fields }) => fields["seq"]));
  return tries.some((line) => isAfter(line, start) && before.has(line.fields["seq"]));
}

function reportOf({ id, observed }: ExecutionSeen, evidence: Evidence): Story["report"] {
  const changed = evidence.ofExecution(PATTERNS.edgeStateChanged, id).at(-1);
  const state = changed?.fields["to"];
  if (changed === undefined || state === undefined || state === observed) return undefined;
  const taken = evidence
    .ofExecution(BROKER.published, id)
    .findLast(({ fields }) => isStatusSubject(fields["subject"]) && fields["state"] === state);
  return { changed, taken, delivered: taken && evidence.deliveryOf(taken) };
}

/** An edge connects first, resumes then what it has on its disk, and shakes hands last. */
function returnOf({ id, nodeId }: ExecutionSeen, node: string, evidence: Evidence): Line | undefined {
  const ran = evidence.ofExecution(PATTERNS.edgeStateChanged, id).at(-1);
  if (ran?.fields["to"] !== "running") return undefined;
  const resumed = evidence.ofExecution(PATTERNS.executionResumed, id).at(-1);
  const last = resumed !== undefined && isAfter(resumed, ran) ? resumed : ran;
  const opened = evidence.all(BROKER.opened).findLast((line) => line.fields["client"] === clientOf(node));
  if (opened !== undefined && !isAfter(opened, last)) return undefined;
  const since = opened ?? last;
  return evidence.ofNode(PATTERNS.handshake, nodeId).findLast((line) => isAfter(line, since));
}

function successorOf(nodeId: string, name: string, evidence: Evidence): Line | undefined {
  const newest = evidence.ofName(PATTERNS.handshake, name).at(-1);
  return newest?.fields["node_id"] === nodeId ? undefined : newest;
}
