import { clockTime } from "../timeline/clock-time.ts";
import type { Condition, Sight } from "./condition.ts";
import type { RunState } from "./run-state.ts";
import { readStreams } from "./streams.ts";
import { waitFor } from "./wait.ts";

/** On what terms a claim is put to the test. */
export interface ClaimTerms {
  /** W: what a correct system needs at the most. */
  readonly windowMs: number;
  readonly heartbeatMs: number;
  /** The claim has been put to the test; what follows only adds to it. `stuck`: what may come of it yet. */
  readonly onTested: (stuck?: Condition) => void;
}

/** Timers may fire a millisecond before the clock says so; a violated claim has to have had all of W. */
const TIMER_SLACK_MS = 2;

/** Waits out W for the condition, and records whether it was met, which is also the result. */
export async function putToTheTest(
  state: RunState,
  condition: Condition,
  terms: ClaimTerms,
): Promise<boolean> {
  const sinceMs = state.nowMs();
  const sight = await waitFor(state, condition, terms.windowMs + TIMER_SLACK_MS);
  if (!sight.met) {
    await readStreams(state, {
      looksPastMs: sinceMs + terms.windowMs,
      brokerPastMs: brokerPastMs(sinceMs, sight),
      heartbeatMs: terms.heartbeatMs,
    });
  }
  state.record({
    kind: "claim",
    what: condition.what,
    held: sight.met,
    seen: sight.seen,
    sinceMs,
    windowMs: terms.windowMs,
    job: condition.jobId,
    stuck: sight.stuck ?? [],
  });
  state.record({
    kind: "step",
    verb: "judge",
    subject: sight.met
      ? condition.what
      : `not so within W = ${clockTime({ atMs: terms.windowMs })}: ${condition.what}`,
  });
  terms.onTested(sight.met ? undefined : condition);
  return sight.met;
}

/**
 * What has to stay so: looked at whenever a line says that it may have ceased to be, until everything has timed
 * out that can. The first sight that is not so ends it.
 */
export async function watchOver(state: RunState, condition: Condition, terms: ClaimTerms): Promise<void> {
  const sinceMs = state.nowMs();
  const { disconnectTimeout, heartbeat, housekeeping } = state.timing;
  const forMs = Math.max(terms.windowMs, disconnectTimeout + heartbeat + 2 * housekeeping);
  let last: Sight = { met: true, seen: "" };
  const unmet = async (look: Condition["look"]) => {
    last = await look();
    return { ...last, met: !last.met };
  };
  const { lookByStates } = condition;
  const broken: Condition = {
    what: `no longer ${condition.what}`,
    wakesOn: (reading) => condition.wakesOn(reading),
    look: () => unmet(condition.look),
    ...(lookByStates && { lookByStates: () => unmet(lookByStates) }),
  };
  await waitFor(state, broken, forMs);
  // What has ceased to be so needs no more time; and that nothing was logged is only known of what was read.
  const windowMs = Math.min(terms.windowMs, state.nowMs() - sinceMs);
  await readStreams(state, {
    looksPastMs: sinceMs + windowMs,
    brokerPastMs: brokerPastMs(sinceMs, last),
    heartbeatMs: terms.heartbeatMs,
  });
  if (last.met) last = await (state.goesByStates() ? (lookByStates ?? condition.look) : condition.look)();
  state.record({
    kind: "claim",
    what: `at all times ${condition.what}`,
    held: last.met,
    seen: last.seen,
    sinceMs,
    windowMs,
    watchedMs: forMs,
    job: condition.jobId,
    stuck: last.stuck ?? [],
  });
  state.record({
    kind: "step",
    verb: "judge",
    subject: `${last.met ? "always" : "not always"} so: ${condition.what}`,
  });
  terms.onTested(last.met ? undefined : condition);
}

/**
 * The broker's silence is evidence of what became of messages; where no execution waits for one, none is needed,
 * and where no edge is there, the broker has nothing to say.
 */
function brokerPastMs(sinceMs: number, { stuck = [] }: Sight): number {
  return stuck.length === 0 ? Number.NEGATIVE_INFINITY : sinceMs;
}

const HOUR_MS = 60 * 60_000;

/** Watches a cluster that is stuck further, to earn the word "for ever". Only virtual time is cheap enough for this. */
export async function driveOn(
  state: RunState,
  condition: Condition,
  forMs: number,
  onHour: (hour: number) => void = () => {},
): Promise<void> {
  const sinceMs = state.nowMs();
  let hour = -1;
  const stop = state.onLine(() => {
    const now = Math.floor((state.nowMs() - sinceMs) / HOUR_MS);
    // The last look comes when the time is up, and leaves lines, too.
    if (now === hour || now * HOUR_MS >= forMs) return;
    hour = now;
    onHour(hour);
  });
  const later = await state.quietly(() => waitFor(state, condition, forMs)).finally(stop);
  state.record({ kind: "driven-on", forMs, healed: later.met, seen: later.seen });
}
