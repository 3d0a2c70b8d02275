import type { FaultProof } from "../engines/engine.ts";
import type { LogReading } from "../logs/pattern.ts";
import { list } from "../text/list.ts";
import type { RunState } from "./run-state.ts";
import { waitFor } from "./wait.ts";

const LIMIT_MS = 10_000;

/** The clock of a machine is known to within a little. */
const CLOCK_SLACK_MS = 20;

/**
 * Watches, from before a fault on, the broker's own record of the machines' connections: a killed one's entry
 * goes, a returned one's has a new id (spec 4-harness, "Faults"). A system without such a record is not asked.
 */
export function witnessBroker(
  state: RunState,
  machines: readonly string[],
  change: "opened" | "closed",
): { proof(): Promise<FaultProof> } | undefined {
  const { signals, capabilities } = state.system;
  if (!capabilities.has("broker-record")) return undefined;
  const beforehand = state.readings.length;
  const connections = (from: number, to: number, kind: "opened" | "closed") =>
    new Map(
      state.readings
        .slice(from, to)
        .map((reading) => signals.brokerConnection(reading))
        .filter((seen) => seen?.change === kind)
        .map((seen) => [seen?.machine ?? "", seen?.id ?? ""]),
    );

  const known = connections(0, beforehand, "opened");
  // Another build may call its clients otherwise: then the record does not say whose connection is whose.
  if (state.goesByStates() && !machines.some((machine) => known.has(machine))) return undefined;

  return {
    proof: async () => {
      const sight = await waitFor(
        state,
        {
          what: `the broker records the connections of ${list(machines)} as ${change}`,
          wakesOn: (reading) => signals.brokerConnection(reading)?.change === change,
          look: () => {
            const seen = connections(beforehand, state.readings.length, change);
            const late = machines.filter((machine) => !seen.has(machine));
            return Promise.resolve({
              met: late.length === 0,
              seen: `NATS never recorded the connection of ${list(late)} as ${change}`,
            });
          },
        },
        LIMIT_MS,
      );
      if (!sight.met) return { bit: false, seen: sight.seen };
      const now = connections(beforehand, state.readings.length, change);
      const same = machines.filter(
        (machine) => change === "opened" && known.get(machine) === now.get(machine),
      );
      if (same.length > 0) return { bit: false, seen: `${list(same)} returned on the old connection` };
      return {
        bit: true,
        seen: `NATS: connection ${change} (cid ${list(machines.map((machine) => now.get(machine) ?? ""))})`,
      };
    },
  };
}

/**
 * Watches, while machines are cut off, that the broker receives nothing from them, not even a heartbeat. What was
 * on its way arrives after the healing, and is looked at by when it arrived. A system without such a record is not
 * asked.
 */
export function witnessSilence(
  state: RunState,
  machines: readonly string[],
): { endsNow(): () => FaultProof } | undefined {
  const { signals, capabilities } = state.system;
  if (signals.heardFrom === undefined || !capabilities.has("broker-record")) return undefined;
  const machineNowMs = () => state.engine.clock.nowMs() + state.engine.skewMs;
  const sinceMs = machineNowMs();
  const machineOf = new Map<string, string>();
  const note = (reading: LogReading) => {
    const connection = signals.brokerConnection(reading);
    // A broker that was started anew numbers its connections anew.
    if (connection?.change === "opened") machineOf.set(connection.id, connection.machine);
  };
  for (const reading of state.readings) note(reading);
  const heard: { readonly machine: string; readonly timeMs: number }[] = [];
  const stops = [
    state.onReading(note),
    state.onLine((_machine, line) => {
      const from = signals.heardFrom?.(line);
      const machine = from && machineOf.get(from.id);
      if (from === undefined || machine === undefined || !machines.includes(machine)) return;
      heard.push({ machine, timeMs: from.timeMs });
    }),
  ];
  return {
    endsNow: () => {
      const untilMs = machineNowMs();
      return () => {
        for (const stop of stops) stop();
        const early = heard.filter(
          ({ timeMs }) => timeMs >= sinceMs + CLOCK_SLACK_MS && timeMs < untilMs - CLOCK_SLACK_MS,
        );
        const names = list([...new Set(early.map(({ machine }) => machine))].toSorted());
        return early.length === 0
          ? {
              bit: true,
              seen: `NATS: nothing from ${list(machines)} for ${Math.round(untilMs - sinceMs)} ms`,
            }
          : { bit: false, seen: `NATS: heard of ${names} all the same, while cut off` };
      };
    },
  };
}
