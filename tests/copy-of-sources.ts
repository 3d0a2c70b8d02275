import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const REPOSITORY = fileURLToPath(new URL("../", import.meta.url));

/** All that `repro --engine sim` reads. */
export const SOURCES = ["controlplane", "harness", "pipelines", "scenarios", "repro.ts", "package.json"];

/** A folder in which the sources can be changed, gone when the test is over. */
export function copyOfSources(): string {
  const folder = mkdtempSync(join(tmpdir(), "repro-sources-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const source of SOURCES) cpSync(join(REPOSITORY, source), join(folder, source), { recursive: true });
  symlinkSync(join(REPOSITORY, "node_modules"), join(folder, "node_modules"));
  return folder;
}
