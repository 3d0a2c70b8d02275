import { list } from "../../text/list.ts";
import { clockTime } from "../../timeline/clock-time.ts";
import type { Entry, EntryOf } from "../../timeline/entry.ts";
import { logged } from "../../timeline/timeline.ts";
import type { ExecutionSeen, LossId } from "../../vocabulary.ts";
import type { LossFinding, LossQuestion, Witness } from "../system.ts";
import { BROKER, PATTERNS } from "./patterns.ts";

/**
 * Names the loss from what the record shows of the stuck executions' messages (spec 1-system, "Eight ways
 * to get stuck"). Nothing here knows which scenario ran. All stuck executions must tell the same story; one
 * that does not makes the finding undefined rather than half true.
 */
export function explainLoss(question: LossQuestion): LossFinding | undefined {
  const waiting = question.stuck.filter((e) => e.observed === "pending" && e.desired === "running");
  if (waiting.length === 0 || waiting.length !== question.stuck.length) return undefined;
  const stories = waiting.map((execution) => storyOf(execution, question.timeline));
  const first = stories[0];
  if (first === undefined) return undefined;
  const rule = RULES.find((candidate) => stories.every(candidate.when));
  if (rule === undefined) return undefined;
  const at = rule.diedAt(first);
  if (at === undefined) return undefined;
  return {
    loss: rule.loss,
    because: rule.because(first),
    at,
    witnesses: [stateWitness(waiting, question), ...stories.flatMap((story) => rule.witnesses(story))],
  };
}

/** What the record says of one execution's way to its node. */
interface Story {
  readonly execution: ExecutionSeen;
  readonly node: string;
  readonly attempts: readonly EntryOf<"log">[];
  /** The last time it was handed to the broker. */
  readonly published: EntryOf<"log"> | undefined;
  readonly refused: EntryOf<"log"> | undefined;
  /** The broker's record of it, and whether it went to anybody. */
  readonly taken: EntryOf<"log"> | undefined;
  readonly delivered: EntryOf<"log"> | undefined;
  readonly received: EntryOf<"log"> | undefined;
  /** The node's last handshake before the last attempt. */
  readonly shookHands: EntryOf<"log"> | undefined;
  readonly readyBetween: boolean;
  /** Unless the node has shaken hands since. */
  readonly noticedGone: EntryOf<"log"> | undefined;
  /** A start of the orchestrator after the execution was made. */
  readonly restarted: EntryOf<"log"> | undefined;
  /** Without it the broker's silence means nothing. */
  readonly isBrokerRecorded: boolean;
}

interface LossRule {
  readonly loss: LossId;
  readonly when: (story: Story) => boolean;
  readonly diedAt: (story: Story) => Entry | undefined;
  readonly because: (story: Story) => string;
  readonly witnesses: (story: Story) => Witness[];
}

/** First match wins. */
const RULES: readonly LossRule[] = [
  {
    // NATS took it and had nobody to give it to; no error surfaced anywhere.
    loss: "L1",
    when: (s) =>
      s.published !== undefined &&
      s.refused === undefined &&
      s.received === undefined &&
      s.taken !== undefined &&
      s.delivered === undefined,
    diedAt: (s) => s.taken,
    because: (s) =>
      `published at ${clockTime(s.published)}, when nobody subscribed; publishing raised no error, so neither skip nor block would have sent it again`,
    witnesses: (s) => [
      fromLine("log", s.published, `PUBLISH connection_exists=true connection_alive=true, ${aim(s)}`),
      fromLine("broker", s.taken, `PUB ${subjectOf(s)} taken in, and no MSG on it: nobody subscribed`),
    ],
  },
  {
    // A handshake made it connected, its data plane was not ready when the dispatch came.
    loss: "L3",
    when: (s) => isRefusedOnly(s) && s.shookHands !== undefined && !s.readyBetween,
    diedAt: (s) => s.refused,
    because: (s) =>
      `refused at ${clockTime(s.refused)}: ${s.node} had shaken hands at ${clockTime(s.shookHands)}, its data plane was not ready yet`,
    witnesses: (s) => [
      fromLine("log", s.refused, `PUBLISH Node not connected - message will be LOST, ${aim(s)}`),
      ...brokerSilence(s, s.refused),
    ],
  },
  {
    // The orchestrator knew that the node was gone.
    loss: "L2",
    when: (s) => isRefusedOnly(s) && s.noticedGone !== undefined,
    diedAt: (s) => s.refused,
    because: (s) =>
      `refused at ${clockTime(s.refused)}: ${s.node} was marked disconnected at ${clockTime(s.noticedGone)}, and the event was skipped`,
    witnesses: (s) => [
      fromLine("log", s.refused, `PUBLISH Node not connected - message will be LOST, ${aim(s)}`),
      ...brokerSilence(s, s.refused),
    ],
  },
  {
    // Nobody ever tried, and the orchestrator started anew after the execution was made.
    loss: "L4",
    when: (s) => s.attempts.length === 0 && isUnsent(s) && s.restarted !== undefined,
    diedAt: (s) => s.restarted,
    because: (s) =>
      `never dispatched: the orchestrator started at ${clockTime(s.restarted)}, and its dispatcher reads only what comes after`,
    witnesses: (s) => [
      fromLine("log", s.restarted, `ORCHESTRATOR Started, and no DISPATCH of ${aim(s)}`),
      ...brokerSilence(s, s.restarted),
    ],
  },
];

function isRefusedOnly(s: Story): boolean {
  return s.refused !== undefined && isUnsent(s);
}

/** Neither the orchestrator nor the broker nor the edge has it on its way. */
function isUnsent(s: Story): boolean {
  return s.published === undefined && s.taken === undefined && s.received === undefined;
}

/** Of a message that was never handed over, the broker has nothing. */
function brokerSilence(s: Story, diedAt: Entry | undefined): Witness[] {
  if (!s.isBrokerRecorded) return [];
  return [
    {
      source: "broker",
      at: diedAt?.atMs ?? 0,
      text: `no PUB of ${shortId(s.execution.id)} was ever taken in`,
    },
  ];
}

function fromLine(source: Witness["source"], entry: EntryOf<"log"> | undefined, what: string): Witness {
  return { source, at: entry?.atMs ?? 0, text: `${clockTime(entry)} ${what}`, line: entry?.text ?? "" };
}

function aim(s: Story): string {
  return `${shortId(s.execution.id)} → ${s.node}`;
}

function subjectOf(s: Story): string {
  return s.taken?.fields["subject"] ?? "";
}

function storyOf(execution: ExecutionSeen, timeline: readonly Entry[]): Story {
  const ofExecution = (pattern: string) =>
    logged(timeline, pattern).filter((entry) => entry.fields["execution_id"] === execution.id);
  const ofNode = (pattern: string) =>
    logged(timeline, pattern).filter((entry) => entry.fields["node_id"] === execution.nodeId);

  const attempts = ofExecution(PATTERNS.dispatchAttempt.name);
  const published = ofExecution(PATTERNS.published.name).at(-1);
  const refused = ofExecution(PATTERNS.publishLost.name).at(-1);
  const taken = ofExecution(BROKER.published.name).at(-1);
  const lastAttempt = attempts.at(-1);
  // In the same millisecond the order of the lines decides.
  const isBeforeAttempt = (entry: Entry) => lastAttempt === undefined || isAfter(lastAttempt, entry);
  const shookHands = ofNode(PATTERNS.handshake.name).findLast(isBeforeAttempt);
  const noticedGone = ofNode(PATTERNS.nodeLeft.name).findLast(isBeforeAttempt);
  const isGone = noticedGone !== undefined && (shookHands === undefined || isAfter(noticedGone, shookHands));
  return {
    execution,
    node: shookHands?.fields["node_name"] ?? noticedGone?.fields["node_name"] ?? execution.nodeId,
    attempts,
    published,
    refused,
    taken,
    delivered: taken && deliveryOf(taken, timeline),
    received: ofExecution(PATTERNS.requestReceived.name)[0],
    // The later of the two overrides the other.
    shookHands: isGone ? undefined : shookHands,
    readyBetween: ofNode(PATTERNS.dataPlaneReady.name).some(
      (entry) => shookHands !== undefined && isAfter(entry, shookHands) && isBeforeAttempt(entry),
    ),
    noticedGone: isGone ? noticedGone : undefined,
    restarted: restartAfter(madeAt(execution, timeline), timeline),
    isBrokerRecorded: logged(timeline, BROKER.opened.name).length > 0,
  };
}

/** The last round in which the scheduler placed anything of its job: none of it is younger. */
function madeAt(execution: ExecutionSeen, timeline: readonly Entry[]): Entry | undefined {
  return logged(timeline, PATTERNS.rolloutChecked.name).findLast(
    ({ fields }) => fields["job_id"] === execution.jobId && Number(fields["place"] ?? 0) > 0,
  );
}

function restartAfter(made: Entry | undefined, timeline: readonly Entry[]): EntryOf<"log"> | undefined {
  if (made === undefined) return undefined;
  return logged(timeline, PATTERNS.orchestratorStarted.name).findLast((entry) => isAfter(entry, made));
}

/** The MSG that belongs to a PUB is recorded before the next PUB on the same subject. */
function deliveryOf(pub: EntryOf<"log">, timeline: readonly Entry[]): EntryOf<"log"> | undefined {
  const sameSubject = (entry: EntryOf<"log">) =>
    entry.fields["subject"] === pub.fields["subject"] && isAfter(entry, pub);
  const nextPub = logged(timeline, BROKER.published.name).find(sameSubject);
  return logged(timeline, BROKER.delivered.name).find(
    (entry) => sameSubject(entry) && (nextPub === undefined || isAfter(nextPub, entry)),
  );
}

function isAfter(later: Entry, earlier: Entry): boolean {
  return later.atMs > earlier.atMs || (later.atMs === earlier.atMs && later.seq > earlier.seq);
}

function stateWitness(waiting: readonly ExecutionSeen[], { timeline, seen }: LossQuestion): Witness {
  const connections = new Map(seen.nodes.map((node) => [node.id, `${node.name} ${node.connection}`]));
  const told = waiting.map(
    (e) => `${shortId(e.id)} pending, desired running, on ${connections.get(e.nodeId) ?? "?"}`,
  );
  return {
    source: "state",
    at: timeline.findLast((entry) => entry.kind === "state")?.atMs ?? 0,
    text: `execution list: ${list(told, "; ")}`,
  };
}

function shortId(id: string): string {
  return id.slice(0, 10);
}
