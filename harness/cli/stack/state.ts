import { createStory } from "../../report/story.ts";
import { createRunState, type RunState } from "../../scenario/run-state.ts";
import type { Engine, Stack } from "../../engines/engine.ts";
import type { Timing } from "../../timing/profile.ts";
import type { CommandWorld } from "../run-command.ts";

/** What the verbs work on; what is done, and logged of it, is told as that of a run is. */
export function tellingState(
  at: { readonly engine: Engine; readonly stack: Stack; readonly timing: Timing },
  { system, signal, out }: CommandWorld,
): RunState {
  const tell = createStory(system.patterns, { verbose: false, write: out });
  // The past is only listened to.
  let isPast = true;
  const state = createRunState({
    ...at,
    system,
    signal,
    startedAtMs: at.engine.clock.nowMs(),
    onEntry: (entry) => {
      // What did not bite ends the command, and is its last word.
      const isLastWord = entry.kind === "fault" && !entry.bit;
      if (!isPast && !isLastWord) tell(entry);
    },
    onLine: () => {},
  });
  isPast = false;
  return state;
}
