import { ControlError } from "../systems/system.ts";
import type { Condition, Sight } from "./condition.ts";
import type { RunState } from "./run-state.ts";

/** The orchestrator takes questions, by what it has logged from the `from`th reading of the run on. */
export function serves(state: RunState, from: number): Condition {
  const { signals } = state.system;
  return {
    what: "the orchestrator serves",
    waits: [{ is: "serving" }],
    wakesOn: (reading) => signals.isServing(reading),
    look: () =>
      Promise.resolve(sight(state.readings.slice(from).some((reading) => signals.isServing(reading)))),
    // No seed knows of this line, and an answer says the same.
    statesSuffice: true,
    // Whoever was killed, or never started, answers nothing.
    lookByStates: async () => {
      try {
        await state.lookAtNodes();
        return sight(true);
      } catch (error) {
        if (error instanceof ControlError) return sight(false);
        throw error;
      }
    },
  };
}

function sight(met: boolean): Sight {
  return { met, seen: met ? "it does" : "not yet" };
}
