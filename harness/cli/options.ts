import { UsageError } from "../errors.ts";
import { nearest } from "../text/nearest.ts";

/** What commander hands over for `run`; every value still as it was typed. */
export interface RunFlags {
  readonly engine: string;
  readonly timing: string;
  readonly set?: readonly string[];
  readonly fix: string;
  readonly avoid?: string;
  readonly edges?: string;
  readonly repeat: string;
  readonly expect?: string;
  readonly seed: string;
  readonly keep?: boolean;
  readonly out?: string;
  readonly format: string;
  readonly verbose?: boolean;
}

/** One of the words, or an error that lists them. @throws UsageError */
export function oneOf<const T extends string>(option: string, given: string, words: readonly T[]): T {
  const word = words.find((candidate) => candidate === given);
  if (word !== undefined) return word;
  throw new UsageError(`${option}: got "${given}"${nearest(given, words)}; accepted are ${words.join(", ")}`);
}

/** A whole number within bounds. @throws UsageError */
export function wholeNumber(option: string, given: string, min: number, max: number): number {
  const value = /^\d+$/.test(given) ? Number(given) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new UsageError(`${option}: got "${given}", accepted is a whole number from ${min} to ${max}`);
}

/** One more `KNOB=VALUE` beside those before; which of two values for one knob is meant nobody can tell. @throws UsageError */
export function oneMoreSetting(given: string, before: readonly string[] = []): readonly string[] {
  const knobOf = (setting: string) => setting.split("=", 1)[0];
  const twin = before.find((setting) => knobOf(setting) === knobOf(given));
  if (twin === undefined) return [...before, given];
  throw new UsageError(
    `--set: "${knobOf(given)}" is given twice, ${twin} and ${given}; accepted is one value for each knob`,
  );
}
