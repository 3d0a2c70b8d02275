import type { LogSequence } from "../system.ts";
import { BROKER, PATTERNS } from "./patterns.ts";

/** The paths through the log that seeds 001 and 002 tell people to look for. */
export const SEQUENCES: readonly LogSequence[] = [
  {
    name: "success-path",
    source: "seed 001, Success path",
    means: "The message was sent and has arrived.",
    about: "execution_id",
    steps: [PATTERNS.dispatchAttempt.name, PATTERNS.published.name, PATTERNS.requestReceived.name],
    neverAfter: [],
  },
  {
    name: "failure-path-void",
    source: "seed 002, Failure path (nodes dead but orchestrator doesn't know yet)",
    means: "The message was sent to NATS and nobody was there.",
    about: "execution_id",
    steps: [PATTERNS.dispatchAttempt.name, PATTERNS.published.name],
    neverAfter: [PATTERNS.requestReceived.name, PATTERNS.dispatchAttempt.name],
  },
  {
    name: "failure-path-refused",
    source: "seed 001, Failure path (execution lost)",
    means: "The message was refused, and the event skipped.",
    about: "execution_id",
    steps: [
      PATTERNS.dispatchAttempt.name,
      PATTERNS.publishLost.name,
      PATTERNS.publishRefused.name,
      PATTERNS.dispatchSkipped.name,
    ],
    neverAfter: [PATTERNS.requestReceived.name, PATTERNS.dispatchAttempt.name],
  },
  {
    name: "recovery-that-does-not-happen",
    source: "seed 002, Recovery that doesn't happen",
    means: "The job was evaluated again after its node had joined, and nothing was dispatched.",
    about: "job_id",
    steps: [PATTERNS.evaluationCreated.name, PATTERNS.rolloutChecked.name, PATTERNS.stuckDetected.name],
    neverAfter: [PATTERNS.dispatchAttempt.name],
  },
  {
    name: "broker-void",
    source: "spec 5-quality, NATS as a witness",
    means: "NATS has taken the message in and no edge has received it.",
    about: "execution_id",
    steps: [BROKER.published.name],
    neverAfter: [PATTERNS.requestReceived.name],
  },
];
