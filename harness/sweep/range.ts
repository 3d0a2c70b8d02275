import { UsageError } from "../errors.ts";
import { parseDuration, writeDuration } from "../timing/duration.ts";
import type { Timing } from "../timing/profile.ts";

/** Which offsets a sweep tries; milliseconds after the kill, negative: before it. */
export interface SweepRange {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
  readonly precisionMs: number;
}

/** As typed; what was left out follows from the pace. */
export interface RangeFlags {
  readonly from?: string;
  readonly to?: string;
  readonly step?: string;
  readonly precision?: string;
}

/** How fine it is by itself: a simulated run takes milliseconds, one on Docker some ten seconds. */
const FINENESS = {
  sim: { steps: 40, precisionMs: 100 },
  docker: { steps: 10, precisionMs: 200 },
} as const;
const MOST_STEPS = 10_000;

/** @throws UsageError naming the option and what is accepted. */
export function chooseRange(
  flags: RangeFlags,
  at: { readonly engine: "docker" | "sim"; readonly timing: Timing; readonly returnAtMs: number },
): SweepRange {
  const { steps, precisionMs } = FINENESS[at.engine];
  const beyondMs = leadOf(at.timing);
  const fromMs = flags.from === undefined ? -beyondMs : offset("--from", flags.from);
  const toMs = flags.to === undefined ? at.returnAtMs + Math.max(3_000, beyondMs) : offset("--to", flags.to);
  if (toMs < fromMs) {
    throw new UsageError(
      `--to: got "${writeOffset(toMs)}", accepted is --from (${writeOffset(fromMs)}) or later`,
    );
  }
  const stepMs = flags.step === undefined ? roundUp((toMs - fromMs) / steps) : positive("--step", flags.step);
  const count = Math.floor((toMs - fromMs) / stepMs) + 1;
  if (count > MOST_STEPS) {
    throw new UsageError(
      `--step: got "${writeDuration(stepMs)}", which makes ${count} runs; accepted are up to ${MOST_STEPS}`,
    );
  }
  const precision = flags.precision === undefined ? precisionMs : positive("--precision", flags.precision);
  return { fromMs, toMs, stepMs, precisionMs: precision };
}

/** From the first to the last, both included. */
export function offsetsOf({ fromMs, toMs, stepMs }: SweepRange): number[] {
  const count = Math.ceil((toMs - fromMs) / stepMs);
  return [...Array.from({ length: count }, (_, index) => fromMs + index * stepMs), toMs];
}

/** How long before the kill the first deployment may come, in every run of this pace. */
export function leadOf(timing: Timing): number {
  return Math.max(1_000, Math.round(timing.disconnectTimeout / 30));
}

/** As it is typed: `-10s`, `1.5s`. */
export function writeOffset(ms: number): string {
  return ms < 0 ? `-${writeDuration(-ms)}` : writeDuration(ms);
}

function offset(option: string, text: string): number {
  const size = parseDuration(text.replace(/^[+-]/, "")) ?? (/^[+-]?0$/.test(text) ? 0 : undefined);
  if (size !== undefined) return text.startsWith("-") ? -size : size;
  throw new UsageError(
    `${option}: got "${text}", accepted is a duration after the kill like 4s, 5m or 250ms, before it -10s`,
  );
}

function positive(option: string, text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms > 0) return ms;
  throw new UsageError(`${option}: got "${text}", accepted is a duration like 250ms, 1s or 1m`);
}

/** To 1, 2 or 5 times a power of ten, so that offsets are numbers that people can read. */
function roundUp(ms: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, ms)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((nice) => nice >= ms) ?? power;
}
