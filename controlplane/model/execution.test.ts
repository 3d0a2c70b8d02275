import { describe, expect, it } from "vitest";
import { anExecution } from "../test-kit/model-builders.ts";
import {
  isLegalDesiredMove,
  isLegalObservedMove,
  isTerminal,
  readReport,
  type DesiredState,
  type ObservedState,
  type ReportedState,
} from "./execution.ts";

const OBSERVED: readonly ObservedState[] = [
  "pending",
  "running",
  "completed",
  "failed",
  "stopped",
  "cancelled",
];
const DESIRED: readonly DesiredState[] = ["pending", "running", "stopped"];
const REPORTED: readonly ReportedState[] = ["running", "completed", "failed", "stopped"];

describe("the observed state", () => {
  // Seed 002's diagram, and what spec 1-system adds to it; every other pair is illegal.
  const LEGAL = [
    "new → pending",
    "pending → running",
    "pending → completed",
    "pending → failed",
    "pending → stopped",
    "pending → cancelled",
    "running → completed",
    "running → failed",
    "running → stopped",
  ];

  it.each(pairs(OBSERVED))("%s", (text, from, to) => {
    expect(isLegalObservedMove(from, to)).toBe(LEGAL.includes(text));
  });

  it.each(OBSERVED)("%s is terminal if nothing can follow", (observed) => {
    const followers = OBSERVED.filter((to) => isLegalObservedMove(observed, to));
    expect(isTerminal(anExecution({ observed }))).toBe(followers.length === 0);
  });
});

describe("the desired state", () => {
  const LEGAL = [
    "new → pending",
    "new → running",
    "pending → running",
    "pending → stopped",
    "running → stopped",
  ];

  it.each(pairs(DESIRED))("%s", (text, from, to) => {
    expect(isLegalDesiredMove(from, to)).toBe(LEGAL.includes(text));
  });
});

describe("a report", () => {
  const READINGS: Readonly<Record<ObservedState, readonly string[]>> = {
    //           running   completed  failed     stopped
    pending: ["news", "news", "news", "news"],
    running: ["repeat", "news", "news", "news"],
    completed: ["late", "repeat", "illegal", "illegal"],
    stopped: ["late", "illegal", "illegal", "repeat"],
    // The orchestrator may have ended these by itself, so that the edge is right in its own way.
    failed: ["late", "late", "repeat", "late"],
    cancelled: ["late", "late", "late", "late"],
  };

  it.each(OBSERVED)("of an execution known as %s", (observed) => {
    const readings = REPORTED.map((reported) => readReport(anExecution({ observed }), reported));
    expect(readings).toEqual(READINGS[observed]);
  });

  it("is news only where the move is legal", () => {
    for (const observed of OBSERVED) {
      for (const reported of REPORTED) {
        const isNews = readReport(anExecution({ observed }), reported) === "news";
        expect(isNews).toBe(isLegalObservedMove(observed, reported));
      }
    }
  });
});

/** Every pair of a state, or of none yet, and a state: as text, from, to. */
function pairs<T extends string>(states: readonly T[]): [string, T | undefined, T][] {
  return [undefined, ...states].flatMap((from) =>
    states.map((to): [string, T | undefined, T] => [`${from ?? "new"} → ${to}`, from, to]),
  );
}
