import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it, onTestFinished } from "vitest";
import { runJobs } from "../../scripts/workflow/run-jobs.ts";
import { jobRunsOf } from "../../scripts/workflow/workflow.ts";

const WORKFLOW = `
name: test
jobs:
  last:
    needs: [parts, broken]
    if: always()
    runs-on: ubuntu-latest
    timeout-minutes: 1
    steps:
      - uses: actions/checkout@v4
      - uses: actions/download-artifact@v4
        with: { pattern: part-*, path: parts }
      - run: cat parts/*/own.txt tracked.txt >> "$GITHUB_STEP_SUMMARY"
  parts:
    runs-on: ubuntu-latest
    timeout-minutes: 1
    strategy: { fail-fast: false, matrix: { seed: [1, 2], shard: [1/2, 2/2] } }
    env: { SEED: "\${{ matrix.seed }}" }
    steps:
      - run: mkdir out && echo "$SEED \${{ matrix.shard }}" > out/own.txt
      - uses: actions/upload-artifact@v4
        with: { name: "part-\${{ strategy.job-index }}", path: out }
  broken:
    runs-on: ubuntu-latest
    timeout-minutes: 1
    steps:
      - run: "false | true"
      - run: echo never >> "$GITHUB_STEP_SUMMARY"
      - run: echo failed >> "$GITHUB_STEP_SUMMARY"
        if: failure()
      - run: echo always >> "$GITHUB_STEP_SUMMARY"
        if: always()
  blocked:
    needs: [broken]
    runs-on: ubuntu-latest
    timeout-minutes: 1
    steps:
      - run: echo never >> "$GITHUB_STEP_SUMMARY"
`;

describe("a workflow, run here", () => {
  it("has each job in a clone of its own, in order of need, with its artifacts handed on", async () => {
    const { ended, summary } = await run(WORKFLOW);
    expect(ended.map(({ is, title }) => `${is} ${title}`)).toEqual([
      "passed parts (seed=1, shard=1/2)",
      "passed parts (seed=1, shard=2/2)",
      "passed parts (seed=2, shard=1/2)",
      "passed parts (seed=2, shard=2/2)",
      "failed broken",
      "passed last",
      "skipped blocked",
    ]);
    // The job that failed, then what the last one put together, in the clone that it had.
    expect(summary.split("\n")).toEqual([
      "failed",
      "always",
      "1 1/2",
      "1 2/2",
      "2 1/2",
      "2 2/2",
      "tracked",
      "",
    ]);
  });

  it.each([
    ["an expression that is not known", "${{ github.token }}", /\$\{\{ github\.token \}\} is not known here/],
    ["an action that is not known", undefined, /what evil\/action@v1 does is not known here/],
  ])("refuses %s", async (_what, expression, message) => {
    const step = expression === undefined ? "uses: evil/action@v1" : `run: "echo ${expression}"`;
    await expect(run(oneStep(step))).rejects.toThrow(message);
  });

  it("refuses a key that it would otherwise ignore", () => {
    expect(() => jobRunsOf(oneStep("run: ls\n        shell: pwsh"))).toThrow(/shell/);
  });

  it("refuses a need that is no job", () => {
    expect(() => jobRunsOf(WORKFLOW.replace("needs: [broken]", "needs: [brokn]"))).toThrow(/a job needs one/);
  });
});

function oneStep(step: string): string {
  return `
name: test
jobs:
  one:
    runs-on: ubuntu-latest
    timeout-minutes: 1
    steps:
      - ${step}
`;
}

async function run(workflow: string) {
  const folder = mkdtempSync(join(tmpdir(), "repro-run-workflow-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const repository = join(folder, "repository");
  mkdirSync(repository);
  const env = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  const git = (...args: string[]) => execa("git", args, { cwd: repository, env });
  await git("init", "--quiet");
  writeFileSync(join(repository, "tracked.txt"), "tracked\n");
  await git("add", "tracked.txt");
  const author = ["-c", "user.name=test", "-c", "user.email=test@example.invalid"];
  await git(...author, "commit", "--quiet", "--message", "one");
  writeFileSync(join(repository, "tracked.txt"), "not committed\n");
  const summary = join(folder, "summary.md");
  const place = { repository, artifacts: join(folder, "artifacts"), summary, write: () => {} };
  const ended = await runJobs(jobRunsOf(workflow), place);
  return { ended, summary: readFileSync(summary, "utf8") };
}
