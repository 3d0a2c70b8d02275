import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { CommandWorld } from "../../harness/cli/run-command.ts";
import { bundledSystem } from "../../harness/systems/bundled/bundled.ts";
import { scenarios } from "../../scenarios/index.ts";

/** The world of a command that runs in this process, and what it said there. */
export function aCommandWorld(at: Partial<CommandWorld> = {}): CommandWorld & {
  readonly said: { readonly out: string[]; readonly err: string[] };
} {
  const said = { out: [] as string[], err: [] as string[] };
  return {
    system: bundledSystem,
    scenarios,
    signal: new AbortController().signal,
    out: (line) => void said.out.push(line),
    err: (line) => void said.err.push(line),
    said,
    ...at,
  };
}

/** A folder for a report, gone when the test is over. */
export function aReportFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "repro-report-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
