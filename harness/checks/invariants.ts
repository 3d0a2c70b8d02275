import type { DispatcherBlock } from "../systems/system.ts";
import { clockTime } from "../timeline/clock-time.ts";
import type { Entry } from "../timeline/entry.ts";
import { ofKind } from "../timeline/timeline.ts";
import type { ExceptableInvariant, InvariantId } from "../vocabulary.ts";
import { atRest, type AtRest, type MembershipExpertise } from "./at-rest.ts";
import {
  afterTheEnd,
  answer,
  idleNodes,
  phantoms,
  twins,
  unstarted,
  zombies,
  type Answer,
} from "./breaches.ts";

/** What became of one invariant in one run. */
export interface InvariantFinding extends Answer {
  readonly id: InvariantId;
  readonly name: string;
  /** It must hold whatever the verdict is, and no scenario may do without it. */
  readonly always: boolean;
  /** Why the scenario does without it; undefined if it does not. */
  readonly excepted: string | undefined;
}

/** What the checks ask of the system's knowledge; all of it reads the record and nothing else. */
export interface InvariantExpertise extends MembershipExpertise {
  readonly signals: MembershipExpertise["signals"] & {
    illegalMoves(timeline: readonly Entry[]): readonly Entry[];
    dispatcherBlock(timeline: readonly Entry[], atMs: number): DispatcherBlock | undefined;
    missingLines(timeline: readonly Entry[]): readonly string[];
  };
}

/** Reasons by invariant, where a scenario does without it. */
export type Exceptions = Readonly<Partial<Record<ExceptableInvariant, string>>>;

interface Question {
  readonly timeline: readonly Entry[];
  readonly expertise: InvariantExpertise;
  readonly rest: AtRest | { readonly problem: string };
}

interface Invariant {
  readonly id: InvariantId;
  readonly name: string;
  readonly always?: true;
  readonly check: (question: Question) => Answer;
}

/** In the order of spec 3-scenarios, "Invariants"; the names are ours. */
const INVARIANTS: readonly Invariant[] = [
  { id: 1, name: "what is wanted runs", check: (question) => whenAtRest(question, unstarted) },
  { id: 2, name: "no zombie", check: (question) => ofEdges(question, zombies) },
  { id: 3, name: "no phantom", check: (question) => ofEdges(question, phantoms) },
  {
    id: 4,
    name: "one execution per job and node",
    always: true,
    check: (question) => throughout(question, twins(question.timeline)),
  },
  { id: 5, name: "legal moves only", always: true, check: legalMoves },
  { id: 6, name: "no job waits for a free node", check: (question) => whenAtRest(question, idleNodes) },
  { id: 7, name: "dispatcher not stuck", check: dispatcherFlows },
];

/**
 * Asks a run's record for every invariant. Pure, on either engine: the two looks at the end, what the edges said
 * between them, and the lines of the log.
 */
export function checkInvariants(
  timeline: readonly Entry[],
  expertise: InvariantExpertise,
  exceptions: Exceptions = {},
): readonly InvariantFinding[] {
  const question = { timeline, expertise, rest: atRest(timeline, expertise) };
  return INVARIANTS.map(({ id, name, always = false, check }) => ({
    id,
    name,
    always,
    excepted: always ? undefined : exceptions[id as ExceptableInvariant],
    ...check(question),
  }));
}

/** 5. No illegal state move was ever attempted; terminal states never change. */
function legalMoves(question: Question): Answer {
  const { timeline, expertise } = question;
  const states = afterTheEnd(timeline);
  if (states.is === "broken") return states;
  const [first, ...more] = expertise.signals.illegalMoves(timeline);
  if (first?.kind === "log") {
    const again = more.length === 0 ? "" : `, and ${more.length} more`;
    return answer("broken", `refused at ${clockTime(first)}${again}: ${first.text}`);
  }
  const log = unread(question, "illegal-move-log");
  return log ?? throughout(question, answer("held", `none was refused; ${states.seen}`));
}

/**
 * 7. The dispatcher is not stuck behind one event: it is not still retrying, at the end, what it has been retrying
 * for all of W. Whether anything waits behind it by then is a matter of luck.
 */
function dispatcherFlows(question: Question): Answer {
  return whenAtRest(question, ({ atMs, windowMs }) => {
    const log = unread(question, "dispatch-log");
    if (log !== undefined) return log;
    const block = question.expertise.signals.dispatcherBlock(question.timeline, atMs);
    if (block === undefined || atMs - block.sinceMs < windowMs)
      return answer("held", "nothing is retried for as long as W");
    return answer(
      "broken",
      `it retries one event since ${clockTime({ atMs: block.sinceMs })}, ${block.tries} times by now: ${block.because}`,
    );
  });
}

/** For what can only be asked once everything has come to rest. */
function whenAtRest({ rest }: Question, check: (rest: AtRest) => Answer): Answer {
  return "problem" in rest ? answer("unclear", rest.problem) : check(rest);
}

/** What was broken once is broken; that it never was is known only of a run that came to its end. */
function throughout({ rest }: Question, found: Answer): Answer {
  return found.is !== "broken" && "problem" in rest ? answer("unclear", rest.problem) : found;
}

function ofEdges(question: Question, check: (rest: AtRest) => Answer): Answer {
  if (!question.expertise.capabilities.has("edge-executions"))
    return answer("untold", "an edge of this system cannot be asked what it runs");
  return whenAtRest(question, check);
}

/** That a line is absent says nothing where the log never has such lines. */
function unread(
  { timeline, expertise }: Question,
  needed: "illegal-move-log" | "dispatch-log",
): Answer | undefined {
  if (!expertise.capabilities.has(needed)) return answer("untold", "this system logs nothing of it");
  const isUsed = ofKind(timeline, "state").some(({ seen }) => seen.executions.length > 0);
  const missing = isUsed ? expertise.signals.missingLines(timeline) : [];
  if (missing.length === 0) return undefined;
  return answer("untold", `this build never logs ${missing.join(", ")}`);
}
