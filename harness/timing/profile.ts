/** The pace of the system under test; all in milliseconds. */
export interface Timing {
  readonly heartbeat: number;
  readonly disconnectTimeout: number;
  readonly lostTimeout: number;
  readonly reevaluationBatch: number;
  readonly housekeeping: number;
  readonly dataPlaneSetup: number;
  readonly resyncInterval: number;
}

export type Knob = keyof Timing;

export interface TimingProfile {
  readonly name: string;
  readonly timing: Timing;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** As shipped (spec 1-system, "Timing"). */
const DEFAULT: Timing = {
  heartbeat: 15 * SECOND,
  disconnectTimeout: 5 * MINUTE,
  lostTimeout: 60 * MINUTE,
  reevaluationBatch: 15 * SECOND,
  housekeeping: 30 * SECOND,
  dataPlaneSetup: 250,
  resyncInterval: 30 * SECOND,
};

export const KNOBS = Object.keys(DEFAULT) as readonly Knob[];

/** `batch-1s` and `heartbeat-1s` change one thing each, to answer seed 001's question. */
export const PROFILES: Readonly<Record<string, TimingProfile>> = {
  default: { name: "default", timing: DEFAULT },
  fast: {
    name: "fast",
    timing: {
      heartbeat: SECOND,
      disconnectTimeout: 3 * SECOND,
      lostTimeout: 6 * SECOND,
      reevaluationBatch: SECOND,
      housekeeping: SECOND,
      dataPlaneSetup: 250,
      resyncInterval: SECOND,
    },
  },
  "batch-1s": { name: "batch-1s", timing: { ...DEFAULT, reevaluationBatch: SECOND } },
  "heartbeat-1s": { name: "heartbeat-1s", timing: { ...DEFAULT, heartbeat: SECOND } },
};

/** The pace of a scenario that needs some knobs to be no smaller than so much. */
export function timingFor(profile: Timing, atLeast: Partial<Timing> = {}): Timing {
  const raised = Object.entries(atLeast).map(([knob, ms]) => [knob, Math.max(ms, profile[knob as Knob])]);
  return { ...profile, ...(Object.fromEntries(raised) as Partial<Timing>) };
}

/** The longest wait between two tries of a blocking dispatcher (spec 1-system, "Recovery strategies"). */
const BLOCK_CAP = SECOND;

/**
 * W: the time a correct system needs at the most, with an allowance for the engine (spec 3-scenarios). A
 * claim that is not met by then is not met.
 */
export function recoveryWindowMs(timing: Timing, allowanceMs = 500): number {
  const { dataPlaneSetup, reevaluationBatch, heartbeat, resyncInterval } = timing;
  // Where the orchestrator restarts nobody knows of anything before an edge's next heartbeat, however short the batch.
  const untilNoticed = Math.max(2 * reevaluationBatch, heartbeat);
  return dataPlaneSetup + untilNoticed + Math.max(heartbeat, resyncInterval, BLOCK_CAP) + allowanceMs;
}
