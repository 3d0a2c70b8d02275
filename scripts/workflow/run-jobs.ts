import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, matchesGlob } from "node:path";
import { execa } from "execa";
import type { JobRun, Step } from "./workflow.ts";

export interface JobEnded {
  readonly job: string;
  readonly title: string;
  readonly is: "passed" | "failed" | "skipped";
  readonly wallMs: number;
}

export interface Place {
  /** The repository whose last commit is cloned. */
  readonly repository: string;
  /** Where artifacts are kept, a folder each. */
  readonly artifacts: string;
  /** What `$GITHUB_STEP_SUMMARY` names. */
  readonly summary: string;
  readonly write: (text: string) => void;
}

/**
 * Runs jobs one after another, each in a fresh clone, as a runner would: `run` steps in bash, a checkout as the clone
 * itself, artifacts as folders. One that needs a failed one is skipped, unless it is to run always.
 */
export async function runJobs(jobs: readonly JobRun[], place: Place): Promise<readonly JobEnded[]> {
  const ended: JobEnded[] = [];
  for (const job of jobs) {
    const { title } = job;
    const isBlocked = ended.some(({ job: other, is }) => job.needs.includes(other) && is !== "passed");
    if (isBlocked && !job.always) {
      ended.push({ job: job.job, title, is: "skipped", wallMs: 0 });
      continue;
    }
    const startedAt = Date.now();
    place.write(`\n=== ${title}\n`);
    const is = await runJob(job, place);
    ended.push({ job: job.job, title, is, wallMs: Date.now() - startedAt });
  }
  return ended;
}

async function runJob(job: JobRun, place: Place): Promise<"passed" | "failed"> {
  const clone = mkdtempSync(join(tmpdir(), "repro-workflow-"));
  let hasFailed = false;
  try {
    await execa("git", ["clone", "--quiet", place.repository, clone]);
    for (const step of job.steps) {
      if (!isDue(step, hasFailed)) continue;
      hasFailed = !(await runStep(step, clone, place)) || hasFailed;
    }
  } finally {
    rmSync(clone, { recursive: true, force: true });
  }
  return hasFailed ? "failed" : "passed";
}

function isDue(step: Step, hasFailed: boolean): boolean {
  switch (step.if) {
    case "always()":
      return true;
    case "failure()":
      return hasFailed;
    case "success()":
      return !hasFailed;
  }
}

/** Whether it went well. */
async function runStep(step: Step, clone: string, place: Place): Promise<boolean> {
  if (step.run !== undefined) return await runCommand(step.run, step.env, clone, place);
  const [action] = (step.uses ?? "").split("@");
  const { name = "artifact", path = ".", pattern = "*" } = step.with;
  switch (action) {
    case "actions/checkout": // the clone itself
    case "actions/setup-node": // Node is what runs this
      return true;
    case "actions/upload-artifact": {
      const from = join(clone, path);
      if (existsSync(from)) cpSync(from, join(place.artifacts, name), { recursive: true });
      return true;
    }
    case "actions/download-artifact": {
      mkdirSync(place.artifacts, { recursive: true });
      for (const found of readdirSync(place.artifacts).filter((own) => matchesGlob(own, pattern)))
        cpSync(join(place.artifacts, found), join(clone, path, found), { recursive: true });
      return true;
    }
    default:
      throw new Error(`what ${step.uses ?? "a step without run and uses"} does is not known here`);
  }
}

async function runCommand(
  command: string,
  env: Readonly<Record<string, string>>,
  clone: string,
  { summary, write }: Place,
): Promise<boolean> {
  write(`$ ${command.trim()}\n`);
  appendFileSync(summary, "");
  const startedAt = Date.now();
  // As GitHub starts it where `shell` is not given but `bash` is there, and with a pipe's failure seen.
  const running = execa("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", command], {
    cwd: clone,
    env: { ...env, CI: "true", GITHUB_STEP_SUMMARY: summary },
    stdin: "ignore",
    all: true,
    reject: false,
    buffer: false,
  });
  for await (const line of running.iterable({ from: "all" })) write(`  ${line}\n`);
  const { exitCode, signal } = await running;
  write(`  → ${signal ?? `exit ${exitCode}`}, ${((Date.now() - startedAt) / 1_000).toFixed(1)} s\n`);
  return exitCode === 0;
}
