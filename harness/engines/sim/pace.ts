/** From and to, in milliseconds. */
export type Span = readonly [from: number, to: number];

/**
 * How long things take on Docker 20.10 with two cores (spec 4-harness, "Engines": exec 100–200 ms, kill ≈ 110
 * ms, recreate ≈ 400 ms), so that what a scenario does takes its time here too.
 */
export const PACE = {
  start: [250, 450],
  /** From the program's start to its first line. */
  boot: [90, 180],
  /** From the call to the end of the process. */
  signal: [15, 50],
  remove: [50, 90],
  recreate: [330, 480],
  freeze: [10, 30],
  network: [20, 60],
  execStart: [70, 140],
  execEnd: [20, 50],
} as const satisfies Readonly<Record<string, Span>>;
