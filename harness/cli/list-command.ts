import chalk from "chalk";
import { reasonNotApplicable } from "../scenario/applicable.ts";
import { ANY_CLOUD } from "../systems/cloud/cloud.ts";
import { loadTimingProfile } from "../timing/load-profile.ts";
import { oneOf } from "./options.ts";
import type { CommandWorld } from "./run-command.ts";

/** `repro list`: the catalogue. */
export function listCommand(
  flags: { readonly format: string; readonly isCloud: boolean },
  { scenarios, out }: Pick<CommandWorld, "scenarios" | "out">,
): number {
  if (oneOf("--format", flags.format, ["text", "json"]) === "json") {
    out(
      JSON.stringify(
        scenarios.map(({ id, claim, covers, edges, expected, needs = [] }) => ({
          id,
          claim,
          covers,
          edges,
          expected,
          needs,
        })),
        null,
        2,
      ),
    );
    return 0;
  }
  for (const scenario of scenarios) {
    const expected = Object.entries(scenario.expected).map(([fix, verdict]) => `${fix}: ${verdict}`);
    out(chalk.bold(scenario.id));
    out(`  ${scenario.claim}`);
    const edges = `${scenario.edges} edge${scenario.edges === 1 ? "" : "s"}`;
    out(chalk.dim(`  ${edges} · ${expected.join(" · ")}`));
    out(chalk.dim(`  from ${scenario.covers.join("; ")}`));
    // Its settings are no matter here: whether it may be run there is known without any.
    const because = flags.isCloud
      ? reasonNotApplicable(scenario, ANY_CLOUD, loadTimingProfile("default"))
      : undefined;
    if (because !== undefined) out(`  not applicable: ${because}`);
  }
  return 0;
}
