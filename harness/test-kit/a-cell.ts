import type { Cell, CellOutcome, TimingChoice } from "../matrix/cell.ts";
import type { Result } from "../report/result.ts";
import type { Scenario } from "../scenario/define.ts";
import { PROFILES, type Timing } from "../timing/profile.ts";
import { aResult } from "./a-result.ts";

export function aScenario(id: string, at: Partial<Scenario> = {}): Scenario {
  return {
    id,
    claim: "It runs.",
    covers: [],
    edges: 2,
    jobs: [],
    expected: {},
    run: () => Promise.resolve(),
    ...at,
  };
}

/** A profile by its name, or `default` with other knobs under a name of its own. */
export function aTiming(name: string, knobs: Partial<Timing> = {}): TimingChoice {
  const { timing } = PROFILES[name] ?? PROFILES["default"]!;
  return { name, profile: { name, timing: { ...timing, ...knobs } } };
}

export function aCell(
  at: { readonly id?: string; readonly fix?: string; readonly timing?: TimingChoice } = {},
): Cell {
  return {
    scenario: aScenario(at.id ?? "deploy-in-disconnect-window"),
    fix: at.fix ?? "none",
    timing: at.timing ?? aTiming("default"),
  };
}

/** As expected, unless the result says otherwise. */
export function aJudgedCell(cell: Cell, result: Partial<Result> = {}, folder?: string): CellOutcome {
  return {
    cell,
    ended: {
      kind: "judged",
      result: aResult({ scenario: cell.scenario.id, fix: cell.fix, timing: cell.timing.name, ...result }),
      exitCode: 0,
      folder,
    },
  };
}

export const HELD = { verdict: "held", loss: null, expected: "held" } as const;
export const UNKNOWN = { verdict: "unknown", loss: null, asExpected: false } as const;
