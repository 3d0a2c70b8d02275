import { clockTime } from "../timeline/clock-time.ts";
import type { Entry, EntryOf } from "../timeline/entry.ts";
import { ofKind } from "../timeline/timeline.ts";

/** A machine is on a new connection to the broker. */
export interface Return {
  readonly machine: string;
  readonly atMs: number;
  /** Differs between connections. */
  readonly id: string;
}

/** Faults that a connection survives, and what ends them. */
const SURVIVED: Readonly<Record<string, string>> = { cut: "heal", pause: "resume" };

/**
 * How long they may take for that: NATS clients look after their connection every 10 s, and leave it when that
 * was in vain a few times.
 */
const SURVIVES_MS = 10_000;

/**
 * Why a fault was another one than its name says, if one was: a short cut and a short pause leave a connection as
 * it was, and whoever comes back on a new one was as good as killed (spec 4-harness, "Every fault proves that it
 * bit"). Pure; reads the record up to its last claim.
 */
export function faultUnlikeItsName(
  whole: readonly Entry[],
  at: { readonly returns: readonly Return[]; readonly brokerMachine: string | undefined },
): string | undefined {
  const timeline = whole.slice(0, whole.findLastIndex((entry) => entry.kind === "claim") + 1);
  const deeds = ofKind(timeline, "step").flatMap(({ act, atMs }) =>
    act !== undefined && "machines" in act ? [{ ...act, atMs }] : [],
  );
  const endMs = timeline.at(-1)?.atMs ?? 0;
  for (const deed of deeds) {
    const end = SURVIVED[deed.do];
    if (end === undefined) continue;
    for (const machine of deed.machines) {
      const ended = ofKind(timeline, "fault").find(isEndOf(end, machine, deed.atMs));
      if (ended === undefined || ended.atMs - deed.atMs > SURVIVES_MS) continue;
      // Whatever is done to it or to the broker next may well cost it its connection.
      const next = deeds.find(
        ({ do: verb, machines, atMs }) =>
          atMs > deed.atMs &&
          verb !== end &&
          (machines.includes(machine) || machines.includes(at.brokerMachine ?? "")),
      );
      const untilMs = next?.atMs ?? endMs;
      const back = at.returns.find(
        (one) => one.machine === machine && one.atMs > deed.atMs && one.atMs < untilMs,
      );
      if (back !== undefined) {
        return `${deed.do} of ${machine} was another fault: it came back on a new connection (${back.id}) at ${clockTime(back)}, as after a kill`;
      }
    }
  }
  return undefined;
}

function isEndOf(fault: string, machine: string, sinceMs: number) {
  return (entry: EntryOf<"fault">) =>
    entry.fault === fault && entry.machines.includes(machine) && entry.atMs >= sinceMs;
}
