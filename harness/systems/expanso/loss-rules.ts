import { clockTime } from "../../timeline/clock-time.ts";
import type { Entry } from "../../timeline/entry.ts";
import type { LossId } from "../../vocabulary.ts";
import type { LossFinding, LossQuestion, Witness } from "../system.ts";
import { isAfter, readEvidence } from "./evidence.ts";
import { storyOf, type Story, type Way } from "./execution-story.ts";
import { brokerOn, brokerSilence, fromLine, shortId, stateWitness } from "./loss-witnesses.ts";
import { remediesFor } from "./remedies.ts";

/**
 * Names the loss from what the record shows of the stuck executions (spec 1-system, "Eight ways to get
 * stuck"). Nothing here knows which scenario ran. All stuck executions must tell the same story; one that does
 * not makes the finding undefined rather than half true.
 */
export function explainLoss(question: LossQuestion): LossFinding | undefined {
  const evidence = readEvidence(question.timeline);
  const stories = question.stuck.map((execution) => storyOf(execution, evidence, question.seen));
  const [first] = stories;
  const [rule, ...others] = new Set(stories.map(ruleFor));
  if (first === undefined || rule === undefined || others.length > 0) return undefined;
  const at = rule.diedAt(first);
  if (at === undefined) return undefined;
  return {
    loss: rule.loss,
    because: rule.because(first),
    at,
    witnesses: [stateWitness(stories, question), ...stories.flatMap((story) => rule.witnesses(story))],
    remedies: remediesFor(rule.loss, stories),
  };
}

interface LossRule {
  readonly loss: LossId;
  readonly when: (story: Story) => boolean;
  readonly diedAt: (story: Story) => Entry | undefined;
  readonly because: (story: Story) => string;
  readonly witnesses: (story: Story) => Witness[];
}

function ruleFor(story: Story): LossRule | undefined {
  return RULES.find((rule) => rule.when(story));
}

/** First match wins. */
const RULES: readonly LossRule[] = [
  {
    // Whatever became of its messages: nobody will ever answer to that id again.
    loss: "L8",
    when: (s) => s.successor !== undefined,
    diedAt: (s) => s.successor,
    because: (s) =>
      `given to a ghost: ${s.node} shook hands under a new id at ${clockTime(s.successor)}, and ${idOf(s)}, which has the work, never returns`,
    witnesses: (s) => [
      fromLine(
        "log",
        s.successor,
        `HANDSHAKE of ${s.node} as ${s.successor?.fields["node_id"] ?? "?"}, and no longer as ${idOf(s)}`,
      ),
      ...brokerOn(s.fellSilent, `connection closed, and nobody listens for ${idOf(s)} since`),
    ],
  },
  {
    // NATS took it and had nobody to give it to; no error surfaced anywhere.
    loss: "L1",
    when: (s) => s.trouble === "waiting" && isVoid(s.request),
    diedAt: (s) => s.request.taken,
    because: ({ request }) =>
      `published at ${clockTime(request.published)}, when nobody subscribed; publishing raised no error, so neither skip nor block would have sent it again`,
    witnesses: witnessesOfVoid,
  },
  {
    // A handshake made it connected, its data plane was not ready when the dispatch came.
    loss: "L3",
    when: (s) => s.trouble === "waiting" && isRaced(s.request),
    diedAt: (s) => s.request.refused,
    because: becauseRaced,
    witnesses: witnessesOfRefusal,
  },
  {
    // The orchestrator knew that the node was gone.
    loss: "L2",
    when: (s) => s.trouble === "waiting" && isRefusedAsGone(s.request),
    diedAt: (s) => s.request.refused,
    because: becauseGone,
    witnesses: witnessesOfRefusal,
  },
  {
    // Nobody ever tried, and the orchestrator started anew after the execution was made.
    loss: "L4",
    when: (s) =>
      s.trouble === "waiting" &&
      s.request.attempts.length === 0 &&
      isUnsent(s.request) &&
      s.restarted !== undefined,
    diedAt: (s) => s.restarted,
    because: (s) =>
      `never dispatched: the orchestrator started at ${clockTime(s.restarted)}, and its dispatcher reads only what comes after`,
    witnesses: (s) => [
      fromLine("log", s.restarted, `ORCHESTRATOR Started, and no DISPATCH of ${aim(s)}`),
      ...brokerSilence(s, s.restarted),
    ],
  },
  {
    // The edge has told how it stands, once, and there was nobody to hear it.
    loss: "L5",
    when: (s) => s.trouble !== "zombie" && s.report?.taken !== undefined && s.report.delivered === undefined,
    diedAt: (s) => s.report?.taken,
    because: (s) =>
      `the report that it is \`${reported(s)}\` was published at ${clockTime(s.report?.taken)}, when nobody subscribed`,
    witnesses: (s) => [
      fromLine(
        "log",
        s.report?.changed,
        `EDGE: Execution state changed to=${reported(s)}, ${shortId(s.execution.id)} on ${s.node}`,
      ),
      ...brokerOn(
        s.report?.taken,
        `PUB ${s.report?.taken?.fields["subject"] ?? ""} taken in, and no MSG of it: nobody subscribed`,
      ),
    ],
  },
  {
    // As L1 to L3, with the request to end it.
    loss: "L6",
    when: (s) =>
      s.trouble === "zombie" && (isVoid(s.request) || isRaced(s.request) || isRefusedAsGone(s.request)),
    diedAt: (s) => s.request.taken ?? s.request.refused,
    because: (s) => {
      if (isVoid(s.request))
        return `the stop was published at ${clockTime(s.request.published)}, when nobody subscribed`;
      return `the stop was ${isRaced(s.request) ? becauseRaced(s) : becauseGone(s)}`;
    },
    witnesses: (s) => (isVoid(s.request) ? witnessesOfVoid(s) : witnessesOfRefusal(s)),
  },
  {
    // It was heard and started once; now neither the edge nor anybody else knows that it should run there.
    loss: "L7",
    when: (s) => s.trouble === "phantom" && s.returned !== undefined && !wasSentSince(s, s.returned),
    diedAt: (s) => s.returned,
    because: (s) =>
      `the run request was heard once and is gone with the disk of ${s.node}, which came back at ${clockTime(s.returned)} and resumed nothing`,
    witnesses: (s) => [
      fromLine(
        "log",
        s.returned,
        `HANDSHAKE of ${s.node} under its id, and no EDGE: Resuming execution of ${shortId(s.execution.id)}`,
      ),
      ...brokerSilence(s, s.returned, "since"),
    ],
  },
];

function wasSentSince({ request: { published, taken } }: Story, since: Entry): boolean {
  return [published, taken].some((line) => line !== undefined && isAfter(line, since));
}

/** Taken in by the broker, and handed to nobody. */
function isVoid(way: Way): boolean {
  return (
    way.published !== undefined &&
    way.refused === undefined &&
    way.received === undefined &&
    way.taken !== undefined &&
    way.delivered === undefined
  );
}

function isRaced(way: Way): boolean {
  return isRefusedOnly(way) && way.shookHands !== undefined && !way.readyBetween;
}

function isRefusedAsGone(way: Way): boolean {
  return isRefusedOnly(way) && way.noticedGone !== undefined;
}

function isRefusedOnly(way: Way): boolean {
  return way.refused !== undefined && isUnsent(way);
}

/** Neither the orchestrator nor the broker nor the edge has it on its way. */
function isUnsent(way: Way): boolean {
  return way.published === undefined && way.taken === undefined && way.received === undefined;
}

function becauseRaced({ node, request }: Story): string {
  return `refused at ${clockTime(request.refused)}: ${node} had shaken hands at ${clockTime(request.shookHands)}, its data plane was not ready yet`;
}

function becauseGone({ node, request }: Story): string {
  return `refused at ${clockTime(request.refused)}: ${node} was marked disconnected at ${clockTime(request.noticedGone)}, and the event was skipped`;
}

function witnessesOfVoid(s: Story): Witness[] {
  const { published, taken } = s.request;
  return [
    fromLine("log", published, `PUBLISH connection_exists=true connection_alive=true, ${aim(s)}`),
    ...brokerOn(taken, `PUB ${taken?.fields["subject"] ?? ""} taken in, and no MSG on it: nobody subscribed`),
  ];
}

function witnessesOfRefusal(s: Story): Witness[] {
  return [
    fromLine("log", s.request.refused, `PUBLISH Node not connected - message will be LOST, ${aim(s)}`),
    ...brokerSilence(s, s.request.refused),
  ];
}

/** Which request it is about, and where it was to go. */
function aim({ execution, node, request }: Story): string {
  return `${request.kind === "stop" ? "stop of " : ""}${shortId(execution.id)} → ${node}`;
}

function reported(s: Story): string {
  return s.report?.changed.fields["to"] ?? "?";
}

function idOf(s: Story): string {
  return s.execution.nodeId;
}
