import { ControlError } from "../systems/system.ts";
import type { Condition, Sight } from "./condition.ts";
import { LINES_LATE_MS, type RunState } from "./run-state.ts";

/** Lets time pass, where how long is what the scenario is about. */
export async function pass(state: RunState, ms: number): Promise<void> {
  await waitFor(state, { what: "time has passed", wakesOn: () => false, look: () => NOT_YET }, ms);
}

const NOT_YET = Promise.resolve({ met: false, seen: "" });

/**
 * After so long without a line that would have settled it the states are asked whether the build logs it at all; and once
 * more, when a line that was only late would be there.
 */
const SILENCES_MS = [5_000, 5_000 + 2 * LINES_LATE_MS];
/** How often the states are asked, where no line says that it is worth it. */
const BEAT_MS = 500;
const MOST_BEATS = 1_000;

/**
 * Waits for pushed log lines, then takes one look to confirm; the first look is taken at once, the last one
 * when the time is up. Resolves with that last sight, met or not. Where a build does not log what it should, nothing
 * would ever wake it: then it looks on a beat, at the states.
 * @throws the signal's reason when the run is interrupted.
 */
export async function waitFor(state: RunState, condition: Condition, limitMs: number): Promise<Sight> {
  const { clock } = state.engine;
  let woken = true;
  let timeIsUp = false;
  let byStates = state.goesByStates();
  let isSilent = false;
  let wake: (() => void) | undefined;
  const stopListening = state.onReading((reading) => {
    if (condition.wakesOn(reading)) notify();
  });
  const limit = clock.after(limitMs, () => {
    timeIsUp = true;
    notify();
  });
  const beatMs = Math.max(BEAT_MS, limitMs / MOST_BEATS);
  let beat: ReturnType<typeof clock.after> | undefined;
  const asks = byStates || condition.lookByStates === undefined ? [] : SILENCES_MS;
  const silences = asks.map((ms) =>
    clock.after(ms, () => {
      isSilent = true;
      notify();
    }),
  );
  state.signal.addEventListener("abort", notify);
  try {
    for (;;) {
      state.signal.throwIfAborted();
      const isLast = timeIsUp;
      if (woken) {
        woken = false;
        const sight = await look();
        if (sight.met || isLast) return sight;
        if (byStates) {
          beat?.cancel();
          beat = clock.after(beatMs, notify);
        }
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
    for (const silence of silences) silence.cancel();
    beat?.cancel();
    state.signal.removeEventListener("abort", notify);
  }

  async function look(): Promise<Sight> {
    const { lookByStates } = condition;
    if (lookByStates === undefined) return await condition.look();
    if (byStates) return await lookByStates();
    const sight = await condition.look();
    if (sight.met || !isSilent) return sight;
    isSilent = false;
    const seen = await lookByStates().catch(unanswered);
    // What the states say counts only where the lines are missing, and not merely late.
    byStates = condition.statesSuffice === true || state.goesByStates();
    return byStates ? (seen ?? sight) : sight;
  }

  function notify(): void {
    woken = true;
    wake?.();
  }
}

/** Who does not answer yet says nothing of what it logs. */
function unanswered(error: unknown): undefined {
  if (!(error instanceof ControlError)) throw error;
}
