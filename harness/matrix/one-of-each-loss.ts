import { expectationFor } from "../checks/expectation.ts";
import type { Scenario } from "../scenario/define.ts";

/** The ways in which the dispatcher loses a message to a node that comes back (spec 1-system): seed 001 asks about these. */
const DISPATCH_LOSSES = ["L1", "L2", "L3"] as const;

/** The first scenario of the catalogue for each of these losses: the fewest that show all of them. */
export function oneOfEachLoss(scenarios: readonly Scenario[]): readonly Scenario[] {
  return DISPATCH_LOSSES.map((loss) =>
    scenarios.find((scenario) => expectationFor(scenario, "none") === `violated ${loss}`),
  ).filter((scenario) => scenario !== undefined);
}
