import { expectationFor } from "../checks/expectation.ts";
import type { LogPattern } from "../logs/pattern.ts";
import { outcomeOf } from "../report/outcome.ts";
import type { Result } from "../report/result.ts";
import type { Scenario } from "../scenario/define.ts";
import type { Signals } from "../systems/system.ts";
import type { Entry } from "../timeline/entry.ts";
import type { LossId } from "../vocabulary.ts";
import type { SweepSample } from "./boundaries.ts";
import { fateOf, landmarksOf, type Fate, type Landmark } from "./landmarks.ts";

/** What one run of the sweep found; `sweep.json` has these. */
export interface SweepPoint {
  /** Where the deployment was asked for, in milliseconds after the kill. */
  readonly askedMs: number;
  /** Where its dispatch was logged; null if none was. */
  readonly dispatchedMs: number | null;
  readonly verdict: Result["verdict"];
  readonly loss: LossId | null;
  /** What this run's own log lines make one expect of a message that is sent then; null if they do not tell. */
  readonly expected: string | null;
  readonly asExpected: boolean;
  readonly because: string;
  readonly landmarks: readonly Landmark[];
}

export function sweepPointOf(
  askedMs: number,
  { result, timeline }: { readonly result: Result; readonly timeline: readonly Entry[] },
  at: {
    readonly signals: Signals;
    readonly patterns: readonly LogPattern[];
    /** The catalogue: what becomes of each loss under a fix. */
    readonly scenarios: readonly Scenario[];
  },
): SweepPoint {
  const seen = landmarksOf(timeline, at);
  const fate = seen && fateOf(seen);
  const expected = fate && expectedBy(fate, result.fix, at.scenarios);
  const { verdict, loss, because } = result;
  return {
    askedMs,
    verdict,
    loss,
    because,
    dispatchedMs: seen?.dispatchedMs ?? null,
    expected: expected?.join(" or ") ?? null,
    asExpected: expected?.includes(outcomeOf(result)) === true,
    landmarks: seen?.landmarks ?? [],
  };
}

/** A fix does to a loss what it does in the scenario that is about that loss. */
function expectedBy(fate: Fate, fix: string, scenarios: readonly Scenario[]): readonly string[] | undefined {
  switch (fate.kind) {
    case "arrives":
      return ["held"];
    case "in-flight":
      return ["held", "violated"];
    case "lost": {
      const about = scenarios.find(
        (scenario) => expectationFor(scenario, "none") === `violated ${fate.loss}`,
      );
      return about && [expectationFor(about, fix) ?? "held"];
    }
  }
}

/** Only what came to a verdict can tell where outcomes change. */
export function samplesOf(points: readonly SweepPoint[]): readonly SweepSample[] {
  return points.flatMap((point) => {
    const { askedMs, dispatchedMs: atMs, landmarks } = point;
    return atMs === null || point.verdict === "unknown"
      ? []
      : [{ askedMs, atMs, outcome: outcomeOf(point), landmarks }];
  });
}
