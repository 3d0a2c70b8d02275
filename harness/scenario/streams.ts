import type { RunState } from "./run-state.ts";

/** On top of a heartbeat, which is the longest that the broker has nothing to say. */
const PATIENCE_MS = 5_000;

/**
 * Absence is only evidence once the log streams were read past the moment in question. That no dispatch came
 * is in the orchestrator's log, up to a look that leaves a line there; that an earlier message went to nobody
 * is in the broker's, which records every heartbeat.
 */
export async function readStreams(
  state: RunState,
  past: { readonly looksPastMs: number; readonly brokerPastMs: number; readonly heartbeatMs: number },
): Promise<void> {
  const { looksLeaveLinesOn, brokerMachine, remote } = state.system;
  // Of a build that logs nothing that is known here nothing is read, and so there is nothing to be read to its end.
  const isMute = state.goesByStates() && !state.readings.some(({ machine }) => machine === looksLeaveLinesOn);
  const areRead = () =>
    (isMute || (state.lastHeardMs(looksLeaveLinesOn) ?? -1) >= past.looksPastMs) &&
    (remote !== undefined || (state.lastHeardMs(brokerMachine) ?? -1) >= past.brokerPastMs);

  if (areRead()) {
    state.record({ kind: "streams-read", upToMs: past.looksPastMs });
    return;
  }
  const read = new Promise<boolean>((resolve) => {
    const finish = () => {
      limit.cancel();
      stopListening();
      state.signal.removeEventListener("abort", finish);
      resolve(areRead());
    };
    const limit = state.engine.clock.after(past.heartbeatMs + PATIENCE_MS, finish);
    const stopListening = state.onLine(() => {
      if (areRead()) finish();
    });
    state.signal.addEventListener("abort", finish);
  });
  await state.look();
  if (await read) state.record({ kind: "streams-read", upToMs: past.looksPastMs });
}
