import { LANDMARKS, type Landmark, type LandmarkName } from "./landmarks.ts";

/** One run of the sweep, as far as it came. */
export interface SweepSample {
  /** Where the deployment was asked for, in milliseconds after the kill. */
  readonly askedMs: number;
  /** Where the dispatch was logged: the command takes its time, and this is what counts. */
  readonly atMs: number;
  /** `held`, `violated L1`. */
  readonly outcome: string;
  readonly landmarks: readonly Landmark[];
}

/** A change of outcome, known to lie between two runs. */
export interface Boundary {
  readonly from: string;
  readonly to: string;
  /** The last dispatch that came out as `from` and the first as `to`, in milliseconds after the kill. */
  readonly afterMs: number;
  readonly byMs: number;
  /** The nearest of the lines that these two runs logged. */
  readonly line: Landmark;
  /** How far the change can be from that line at the most, in milliseconds. */
  readonly apartMs: number;
}

/** Neighbouring samples with different outcomes, in order of their dispatch. */
function changes(samples: readonly SweepSample[]): (readonly [SweepSample, SweepSample])[] {
  const sorted = samples.toSorted((a, b) => a.atMs - b.atMs);
  return sorted.flatMap((later, index) => {
    const earlier = sorted[index - 1];
    return earlier === undefined || earlier.outcome === later.outcome ? [] : [[earlier, later] as const];
  });
}

/**
 * Where to deploy next, to halve every change that is known worse than to the precision; empty when all are
 * known. What was asked already is not asked again: the engine would only answer the same.
 */
export function nextOffsets(samples: readonly SweepSample[], precisionMs: number): number[] {
  const asked = new Set(samples.map(({ askedMs }) => askedMs));
  const halves = changes(samples)
    .filter(([earlier, later]) => later.atMs - earlier.atMs > precisionMs)
    .map(([earlier, later]) => {
      const takesMs = (earlier.atMs - earlier.askedMs + later.atMs - later.askedMs) / 2;
      return Math.round((earlier.atMs + later.atMs) / 2 - takesMs);
    });
  return [...new Set(halves)].filter((offset) => !asked.has(offset));
}

export function boundariesOf(samples: readonly SweepSample[]): Boundary[] {
  return changes(samples).flatMap(([earlier, later]) => {
    const near = LANDMARKS.map((name) => distance(name, earlier, later)).filter((one) => one !== undefined);
    const nearest = near.toSorted((a, b) => a.apartMs - b.apartMs)[0];
    if (nearest === undefined) return [];
    return [
      { from: earlier.outcome, to: later.outcome, afterMs: earlier.atMs, byMs: later.atMs, ...nearest },
    ];
  });
}

/** Each run has logged the line at a moment of its own; in a simulation it is the same one. */
function distance(
  name: LandmarkName,
  earlier: SweepSample,
  later: SweepSample,
): { readonly line: Landmark; readonly apartMs: number } | undefined {
  const before = earlier.landmarks.find((landmark) => landmark.name === name);
  const after = later.landmarks.find((landmark) => landmark.name === name);
  if (before === undefined || after === undefined) return undefined;
  return {
    line: after,
    apartMs: Math.max(Math.abs(before.atMs - earlier.atMs), Math.abs(later.atMs - after.atMs)),
  };
}

/** Stretches of the same outcome, in order of the dispatch. */
export function stretchesOf(
  samples: readonly SweepSample[],
): { readonly outcome: string; readonly fromMs: number; readonly toMs: number; readonly runs: number }[] {
  const stretches: { outcome: string; fromMs: number; toMs: number; runs: number }[] = [];
  for (const { outcome, atMs } of samples.toSorted((a, b) => a.atMs - b.atMs)) {
    const last = stretches.at(-1);
    if (last?.outcome === outcome) Object.assign(last, { toMs: atMs, runs: last.runs + 1 });
    else stretches.push({ outcome, fromMs: atMs, toMs: atMs, runs: 1 });
  }
  return stretches;
}
