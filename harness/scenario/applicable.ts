import type { Capability, System } from "../systems/system.ts";
import { sayDuration, writeDuration } from "../timing/duration.ts";
import { KNOBS, type TimingProfile } from "../timing/profile.ts";
import type { Scenario } from "./define.ts";

const LACKS: Readonly<Partial<Record<Capability, string>>> = {
  "kept-identity": "an edge that is recreated is a new node there, never the one that it was",
  "edge-labels":
    "its edges are told token and address alone, and no label by which a job could be for one of them",
  "orchestrator-machine": "its orchestrator is elsewhere, and not to be killed",
  "broker-machine": "its broker is elsewhere, and not to be killed",
};

/** Why a scenario is nothing for a system, at this pace; undefined if it is. */
export function reasonNotApplicable(
  { needs = [], atLeast = {} }: Pick<Scenario, "needs" | "atLeast">,
  system: Pick<System, "capabilities" | "remote">,
  profile: TimingProfile,
): string | undefined {
  const missing = needs.filter((need) => !system.capabilities.has(need));
  if (missing.length > 0)
    return missing.map((need) => LACKS[need] ?? `this system has no ${need}`).join("; ");
  if (system.remote === undefined) return undefined;
  // Anywhere else it would just be set.
  const slow = KNOBS.filter((knob) => profile.timing[knob] < (atLeast[knob] ?? 0));
  if (slow.length === 0) return undefined;
  const told = slow.map(
    (knob) =>
      `${knob} of at least ${sayDuration(atLeast[knob] ?? 0)} (not ${sayDuration(profile.timing[knob])})`,
  );
  const set = slow.map((knob) => `${knob}=${writeDuration(atLeast[knob] ?? 0)}`);
  return (
    `it needs ${told.join(", ")}, and a cloud's pace is not to be set, only told; ` +
    `of a cloud that is as slow: --set ${set.join(" ")}`
  );
}
