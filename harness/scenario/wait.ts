import type { Condition, Sight } from "./condition.ts";
import type { RunState } from "./run-state.ts";

/** Lets time pass, where how long is what the scenario is about. */
export async function pass(state: RunState, ms: number): Promise<void> {
  await waitFor(state, { what: "time has passed", wakesOn: () => false, look: () => NOT_YET }, ms);
}

const NOT_YET = Promise.resolve({ met: false, seen: "" });

/**
 * Waits for pushed log lines, then takes one look to confirm; the first look is taken at once, the last one
 * when the time is up. Resolves with that last sight, met or not.
 * @throws the signal's reason when the run is interrupted.
 */
export async function waitFor(state: RunState, condition: Condition, limitMs: number): Promise<Sight> {
  const { clock } = state.engine;
  let woken = true;
  let timeIsUp = false;
  let wake: (() => void) | undefined;
  const stopListening = state.onReading((reading) => {
    if (condition.wakesOn(reading)) notify();
  });
  const limit = clock.after(limitMs, () => {
    timeIsUp = true;
    notify();
  });
  state.signal.addEventListener("abort", notify);
  try {
    for (;;) {
      state.signal.throwIfAborted();
      const isLast = timeIsUp;
      if (woken) {
        woken = false;
        const sight = await condition.look();
        if (sight.met || isLast) return sight;
      }
      if (!woken) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    stopListening();
    limit.cancel();
    state.signal.removeEventListener("abort", notify);
  }

  function notify(): void {
    woken = true;
    wake?.();
  }
}
