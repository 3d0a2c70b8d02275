import { Option } from "commander";
import { findEngine } from "../harness/engines/docker/discovery.ts";
import { startRepro } from "../tests/command.ts";
import { fuzz, KINDS, type Kind } from "../tests/fuzz/campaign.ts";
import { jobFilesOfRepository } from "../tests/fuzz/job-files-of-repository.ts";
import { fuzzStack, headlineOn } from "../tests/fuzz/real/campaign.ts";
import { toolCommand, numberOption } from "../scripts/command.ts";

/**
 * Malformed requests, messages and job files against the control plane in this process: none may crash it, be answered
 * 5xx or move a state illegally, and each cluster has to serve afterwards.
 *
 *     node bench/fuzz.ts [--runs 10000] [--seed 1] [--only requests|messages|job-files] [--engine docker]
 *
 * `--engine docker`: against containers instead, by raw sockets and over the real nats-server; job files are read here
 * whatever the engine.
 */
const { runs, seed, ...values } = toolCommand(
  "node bench/fuzz.ts",
  "Malformed requests, messages and job files: nothing may crash.",
)
  .addOption(numberOption("--runs <n>", "how many of each kind", 10_000))
  .addOption(numberOption("--seed <n>", "of all chance", 1))
  .addOption(new Option("--only <kind>", "one kind").choices(KINDS))
  .addOption(
    new Option("--engine <engine>", "against containers, or in this process")
      .choices(["none", "docker"])
      .default("none"),
  )
  .parse()
  .opts<{ runs: number; seed: number; only?: Kind; engine: "none" | "docker" }>();
const kinds = KINDS.filter((kind) => values.only === undefined || kind === values.only);
const isReal = values.engine === "docker";
if (isReal && kinds.some((kind) => kind !== "job-files")) await againstContainers();
for (const kind of kinds) if (!isReal || kind === "job-files") await inThisProcess(kind);

async function inThisProcess(kind: Kind): Promise<void> {
  const startedAt = performance.now();
  const jobFiles = jobFilesOfRepository();
  const { runs: done, outcomes, failure } = await fuzz(kind, { runs, seed, jobFiles, limitMs: 1_000 });
  say(
    `${kind}: ${done}, ${failure === undefined ? "none failed" : "FAILED"}, seed ${seed}, ${seconds(startedAt)}`,
  );
  sayOutcomes(outcomes);
  if (failure === undefined) return;
  say(failure);
  process.exitCode = 1;
}

/** One stack for all of it, which has to show the headline at the end. */
async function againstContainers(): Promise<void> {
  const found = await findEngine();
  if (found.kind === "none") throw new Error("no Docker engine answers");
  const stack = `fuzz-${process.pid}`;
  try {
    await repro("up", "--name", stack);
    for (const kind of ["requests", "messages"] as const) {
      if (!kinds.includes(kind)) continue;
      const startedAt = performance.now();
      const { outcomes, memory } = await fuzzStack(found, stack, { kind, runs, seed });
      say(`${kind} to containers: ${runs}, none failed, seed ${seed}, ${seconds(startedAt)}`);
      sayOutcomes(outcomes);
      const [before, after] = memory;
      say(`  MiB: ${[...after].map(([name, used]) => `${name} ${before.get(name)} -> ${used}`).join(", ")}`);
    }
    const { stuck } = await headlineOn(stack);
    say(`afterwards the headline, on the same containers: new-test-job is ${stuck.join(", ")}`);
  } finally {
    await repro("down", "--name", stack);
  }
}

async function repro(...args: readonly string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await startRepro(args).ended;
  if (exitCode !== 0) throw new Error(`repro ${args.join(" ")}: ${stdout}${stderr}`);
}

function sayOutcomes(outcomes: ReadonlyMap<string, number>): void {
  for (const [outcome, count] of [...outcomes].toSorted(([, a], [, b]) => b - a)) {
    say(`  ${String(count).padStart(6)}  ${outcome}`);
  }
}

function seconds(fromMs: number): string {
  return `${((performance.now() - fromMs) / 1_000).toFixed(1)} s`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
