import { walkOnce, type Walk } from "../../harness/cli/walk-once.ts";
import { createSimEngine } from "../../harness/engines/sim/sim-engine.ts";
import type { Scenario } from "../../harness/scenario/define.ts";
import { bundledSystem } from "../../harness/systems/bundled/bundled.ts";
import { loadTimingProfile } from "../../harness/timing/load-profile.ts";
import type { Closed } from "../../harness/walkthrough/closing.ts";
import { tellClosing } from "../../harness/walkthrough/closing.ts";
import { aPerson } from "../../harness/test-kit/a-person.ts";
import { jobFilesOf } from "./simulate.ts";

export interface Walked extends Closed {
  /** Everything that was printed, the closing included. */
  readonly read: readonly string[];
}

/** A walkthrough in simulation, in this process, at a person's pace. */
export async function walk(
  scenario: Scenario,
  out: string,
  at: Partial<Walk> & { readonly person?: ReturnType<typeof aPerson>; readonly seed?: number } = {},
): Promise<Walked> {
  const person = at.person ?? aPerson();
  const { seed = 1 } = at;
  const closed = await walkOnce({
    scenario,
    newEngine: () => createSimEngine({ seed }),
    system: bundledSystem,
    profile: loadTimingProfile("fast", ["disconnectTimeout=5m", "lostTimeout=1h"]),
    fix: "none",
    avoid: undefined,
    edges: scenario.edges,
    seed,
    jobFiles: jobFilesOf(scenario),
    replay: "",
    out,
    signal: new AbortController().signal,
    isGuided: true,
    onStack: () => {},
    ...at,
    person,
  });
  tellClosing(person, closed, undefined);
  return { ...closed, read: person.read };
}
