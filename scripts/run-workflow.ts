import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { toolCommand } from "./command.ts";
import { runJobs } from "./workflow/run-jobs.ts";
import { jobRunsOf } from "./workflow/workflow.ts";

/**
 * Runs a workflow here as GitHub would: the last commit in a fresh clone for each job, one job after another.
 *
 *     npx --yes pnpm@12 workflow .github/workflows/nightly.yml            all of it
 *     npx --yes pnpm@12 workflow .github/workflows/nightly.yml docker     some jobs
 */
const REPOSITORY = fileURLToPath(new URL("../", import.meta.url));
const tool = toolCommand(
  "npx --yes pnpm@12 workflow",
  "Runs a workflow here as GitHub would: the last commit in a fresh clone for each job, one job after another.",
)
  .argument("<file>", "such as .github/workflows/nightly.yml")
  .argument("[jobs...]", "some of its jobs; all of them unless told")
  .parse();
const [file = "", ...only] = tool.args;
const write = (text: string) => void process.stdout.write(text);
const text = readOr64(file);
const all = jobRunsOf(text);
const unknown = only.filter((name) => !all.some(({ job }) => job === name));
if (unknown.length > 0) {
  const known = [...new Set(all.map(({ job }) => job))].join(", ");
  process.stderr.write(`there is no job ${unknown.join(", ")} in ${file}; there are ${known}\n`);
  process.exit(64);
}

const results = mkdtempSync(join(tmpdir(), "repro-artifacts-"));
const summary = join(results, "summary.md");
const jobs = all.filter(({ job }) => only.length === 0 || only.includes(job));
const ended = await runJobs(jobs, {
  repository: REPOSITORY,
  artifacts: join(results, "artifacts"),
  summary,
  write,
});

write("\n");
for (const { is, title, wallMs } of ended)
  write(`${is.padEnd(8)} ${(wallMs / 1_000).toFixed(1).padStart(8)} s  ${title}\n`);
const totalMs = ended.reduce((sum, { wallMs }) => sum + wallMs, 0);
write(`${"".padEnd(8)} ${(totalMs / 1_000).toFixed(1).padStart(8)} s  together\n`);
write(`summary and artifacts: ${results}\n`);
process.exit(ended.every(({ is }) => is === "passed") ? 0 : 1);

function readOr64(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    process.stderr.write(`${path}: ${error instanceof Error ? error.message : String(error)}\n`);
    return process.exit(64);
  }
}
