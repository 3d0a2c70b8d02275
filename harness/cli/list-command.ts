import chalk from "chalk";
import { oneOf } from "./options.ts";
import type { CommandWorld } from "./run-command.ts";

/** `repro list`: the catalogue. */
export function listCommand(
  flags: { readonly format: string },
  { scenarios, out }: Pick<CommandWorld, "scenarios" | "out">,
): number {
  if (oneOf("--format", flags.format, ["text", "json"]) === "json") {
    out(
      JSON.stringify(
        scenarios.map(({ id, claim, covers, edges, expected }) => ({ id, claim, covers, edges, expected })),
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
    out(chalk.dim(`  ${scenario.edges} edges · ${expected.join(" · ")}`));
    out(chalk.dim(`  from ${scenario.covers.join("; ")}`));
  }
  return 0;
}
