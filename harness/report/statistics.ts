/** 0.975 quantile of the normal distribution: two-sided 95 %. */
const Z_95 = 1.959_963_984_540_054;

/**
 * In which range the true rate lies, with 95 % confidence, when `hits` of `runs` were seen. Wilson's score interval
 * (E. B. Wilson 1927): unlike the plain one it says something at 0 and at all of them, which is where repeats end up.
 * Nothing is known without a run: 0 to 1.
 */
export function wilsonInterval(hits: number, runs: number): { readonly from: number; readonly to: number } {
  if (runs === 0) return { from: 0, to: 1 };
  const rate = hits / runs;
  const z2 = Z_95 ** 2;
  const scale = 1 + z2 / runs;
  const centre = (rate + z2 / (2 * runs)) / scale;
  const half = (Z_95 / scale) * Math.sqrt((rate * (1 - rate)) / runs + z2 / (4 * runs ** 2));
  // Exactly 0 and 1 at the ends, where rounding would leave a trace of the other side.
  return { from: hits === 0 ? 0 : centre - half, to: hits === runs ? 1 : centre + half };
}

export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}

/** Of at least one value. The median of an even number lies half-way; p95 is the smallest that 95 % do not exceed. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (rank: number) => sorted[rank - 1] ?? Number.NaN;
  const half = sorted.length / 2;
  return {
    min: at(1),
    median: (at(Math.ceil(half)) + at(Math.floor(half) + 1)) / 2,
    // In hundredths, because 0.95 is no exact number: of 20 values it is the 19th.
    p95: at(Math.ceil((sorted.length * 95) / 100)),
    max: at(sorted.length),
  };
}
