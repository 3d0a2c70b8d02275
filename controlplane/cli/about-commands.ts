import type { Command } from "commander";
import { VERSION } from "../model/version.ts";
import type { WireStatus } from "../protocol/http.ts";
import type { Cli } from "./cli.ts";
import { CliError } from "./cli-error.ts";
import { renderFacts } from "./table.ts";

export function addAboutCommands(program: Command, cli: Cli): void {
  program
    .command("status")
    .description("the orchestrator at a glance: counts by state, and its settings")
    .action(async () => {
      const api = cli.connect();
      const status = await api.call<WireStatus>("GET", "/status");
      await cli.print(status, () => {
        // The real product has a status of its own: whatever is there is shown.
        const facts = Object.entries(status).map(([name, value]) => [name, renderCounts(value)] as const);
        return renderFacts([["endpoint", api.endpoint], ...facts], cli.style);
      });
    });

  program
    .command("version")
    .description("the versions of this CLI and of the orchestrator")
    .action(async () => {
      const versions = { cli: VERSION, ...(await orchestratorVersion()) };
      await cli.print(versions, () => renderFacts(Object.entries(versions), cli.style));
    });

  /** Nobody has to be there for the CLI to tell its own version. */
  async function orchestratorVersion(): Promise<{ orchestrator: string }> {
    try {
      const { version } = await cli.connect().call<Partial<WireStatus>>("GET", "/status");
      return { orchestrator: version ?? "unknown" };
    } catch (error) {
      if (!(error instanceof CliError) || error.exitCode === 64) throw error;
      return { orchestrator: `unknown: ${error.message}` };
    }
  }
}

/** `connected 2, lost 1`, or the value itself. */
function renderCounts(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  const parts = Object.entries(value).map(([name, part]) => `${name} ${String(part)}`);
  return parts.length === 0 ? "none" : parts.join(", ");
}
