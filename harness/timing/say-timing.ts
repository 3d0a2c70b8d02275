import { writeDuration } from "./duration.ts";
import { KNOBS, PROFILES, type Timing } from "./profile.ts";

/** As it would be asked for: the profile that it is nearest to, and the knobs in which it differs. */
export function sayTiming(timing: Timing): string {
  const told = Object.values(PROFILES).map(({ name, timing: known }) => [
    name,
    ...KNOBS.filter((knob) => timing[knob] !== known[knob]).map(
      (knob) => `${knob}=${writeDuration(timing[knob])}`,
    ),
  ]);
  // The first of several that are as near: `default` before the rest.
  return told.reduce((best, other) => (other.length < best.length ? other : best)).join(" ");
}
