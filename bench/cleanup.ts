import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findEngine } from "../harness/engines/docker/discovery.ts";
import { createRandomStreams } from "../harness/engines/sim/time/random-streams.ts";
import type { Result } from "../harness/report/result.ts";
import { type Ended, startRepro } from "../tests/command.ts";
import type { FoundEngine } from "../tests/docker/engine.ts";
import { type Foreign, putForeign } from "../tests/docker/foreign.ts";
import { isSomething, killAfter, type Killed, leftBy } from "../tests/docker/killing.ts";
import { ownEngine } from "../tests/docker/own-engine.ts";
import { toolCommand, numberOption } from "../scripts/command.ts";

/**
 * Whether clean-up can be believed: harnesses are killed at random moments of a run on containers, then `repro clean`
 * has to have removed all of it, and nothing else; then runs go two at a time, and must not disturb each other.
 *
 *     node bench/cleanup.ts [--kills 200] [--cold 40] [--pairs 20] [--seed 1] [--own-engine]
 *
 * `--own-engine` (as root) starts an engine for this alone. Only there are the images removed before some of the kills
 * (`--cold`), so that these hit their preparation.
 */
const { kills, pairs, seed, ...values } = toolCommand(
  "node bench/cleanup.ts",
  "Whether clean-up can be believed: kills, then `repro clean`.",
)
  .addOption(numberOption("--kills <n>", "harnesses killed at random moments", 200, 0))
  .addOption(numberOption("--cold <n>", "of these, with the images removed before", 40, 0))
  .addOption(numberOption("--pairs <n>", "two runs at once, so often", 20, 0))
  .addOption(numberOption("--seed <n>", "of the moments", 1))
  .option("--own-engine", "start an engine for this alone, as root", false)
  .parse()
  .opts<{ kills: number; cold: number; pairs: number; seed: number; ownEngine: boolean }>();
const isOwn = values.ownEngine;
const cold = isOwn ? Math.min(kills, values.cold) : 0;
const out = mkdtempSync(join(tmpdir(), "repro-cleanup-"));
const RUN = ["--engine", "docker", "--timing", "fast"];
const [HEADLINE, CONTROL] = ["deploy-in-disconnect-window", "deploy-all-connected"] as const;
const RUN_HEADLINE = [HEADLINE, ...RUN, "--out", out];
const chance = createRandomStreams(seed)("kills");
const failures: string[] = [];
const startedAt = performance.now();

await using engine = isOwn ? await ownEngine() : undefined;
const found: FoundEngine = engine ?? (await anEngine());
const env: Readonly<Record<string, string>> = engine?.env ?? {};
const { docker } = found;
try {
  await expectWell("images", startRepro(["images"], env).ended);
  const foreign = await putForeign(found);
  await using _ = foreign;
  say(`${(await docker.version()).Version}, ${isOwn ? "an engine of its own" : found.from}; seed ${seed}`);
  say(`beside it ${foreign.count} things that are not to be touched`);
  const before = await countEverything();
  await killMany(foreign);
  await runPairs(foreign);
  const after = await countEverything();
  // Whatever carries no label at all would show here.
  if (isOwn && after !== before) failures.push(`${after} things are on the engine, ${before} were`);
} finally {
  rmSync(out, { recursive: true, force: true });
}
for (const failure of failures) say(`FAILED  ${failure}`);
say(`${failures.length} failures, ${minutes(startedAt)}`);
process.exitCode = failures.length === 0 ? 0 : 1;

async function killMany(foreign: Foreign): Promise<void> {
  const warmMs = await howLong(RUN_HEADLINE);
  say(`a run takes ${warmMs} ms; a kill comes anywhere within`);
  await killEach("runs", kills - cold, foreign, { ms: warmMs, before: async () => {} });
  if (cold === 0) return;
  await withoutImages();
  const coldMs = await howLong(["images"]);
  say(`making the images ready takes ${coldMs} ms; a kill comes anywhere within`);
  await killEach("runs that have to make their images", cold, foreign, { ms: coldMs, before: withoutImages });
  await expectWell("images", startRepro(["images"], env).ended);
}

async function killEach(
  what: string,
  count: number,
  foreign: Foreign,
  within: { readonly ms: number; readonly before: () => Promise<void> },
): Promise<void> {
  const fromMs = performance.now();
  const all: Killed[] = [];
  let removed = 0;
  let cleans = 0;
  let pending: Killed[] = [];
  for (let kill = 0; kill < count; kill += 1) {
    const afterMs = Math.round(chance.between(0, within.ms));
    await within.before();
    const killed = await killAfter(docker, { args: RUN_HEADLINE, env, afterMs });
    all.push(killed);
    pending.push(killed);
    // Every fourth is left to the next run, which is killed itself.
    if (kill % 4 === 3 && kill + 1 < count) continue;
    const cleaned = await startRepro(["clean"], env).ended;
    cleans += 1;
    if (cleaned.exitCode !== 0) failures.push(`clean after kill ${kill}: ${cleaned.stdout}${cleaned.stderr}`);
    removed += countRemoved(cleaned.stdout);
    for (const { pid, during } of pending) {
      const left = await leftBy(docker, pid);
      if (isSomething(left))
        failures.push(`kill ${kill} (${during}): ${JSON.stringify(left)} left after clean`);
    }
    pending = [];
    for (const harm of await foreign.harm()) failures.push(`after kill ${kill}: ${harm}`);
  }
  const hits = all.filter(({ left }) => isSomething(left));
  const during = Map.groupBy(all, (killed) => (killed.late ? "over already" : killed.during));
  const sum = (kind: keyof Killed["left"]) => hits.reduce((total, { left }) => total + left[kind], 0);
  say(
    `${count} ${what} killed, ${hits.length} of them while something of theirs was there; ${minutes(fromMs)}`,
  );
  say(`  during ${[...during].map(([deed, { length }]) => `${deed} ${length}`).join(", ")}`);
  say(
    `  they left ${sum("containers")} containers, ${sum("networks")} networks, ${sum("volumes")} volumes, ` +
      `${sum("images")} half-made images`,
  );
  say(`  \`repro clean\` removed ${removed} things in ${cleans} times, the next run what was left to it`);
}

async function runPairs(foreign: Foreign): Promise<void> {
  const fromMs = performance.now();
  const codes: number[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    const commands = [HEADLINE, CONTROL].map((scenario) =>
      startRepro([scenario, ...RUN, "--format", "json", "--out", join(out, scenario)], env),
    );
    // Whoever cleans up beside them takes nothing from them.
    const cleaning = startRepro(["clean"], env).ended;
    const [ends] = await Promise.all([
      Promise.all(commands.map((command) => command.ended)),
      expectWell(`clean beside pair ${pair}`, cleaning),
    ]);
    for (const [at, ended] of ends.entries()) {
      codes.push(ended.exitCode ?? -1);
      const result = ended.stdout === "" ? undefined : (JSON.parse(ended.stdout) as Result);
      const wanted = at === 0 ? "violated" : "held";
      if (ended.exitCode !== 0 || result?.verdict !== wanted || !result.asExpected)
        failures.push(`pair ${pair}, ${wanted}: ${result?.verdict}, exit ${ended.exitCode} ${ended.stderr}`);
      const left = await leftBy(docker, commands[at]!.pid);
      if (isSomething(left)) failures.push(`pair ${pair}: ${JSON.stringify(left)} left by ${wanted}`);
    }
    for (const harm of await foreign.harm()) failures.push(`after pair ${pair}: ${harm}`);
  }
  const good = codes.filter((code) => code === 0).length;
  say(`two runs at once × ${pairs}: ${good} of ${codes.length} as expected; ${minutes(fromMs)}`);
}

async function countEverything(): Promise<number> {
  const [containers, networks, { Volumes: volumes }] = await Promise.all([
    docker.listContainers({ all: true }),
    docker.listNetworks(),
    docker.listVolumes(),
  ]);
  return containers.length + networks.length + volumes.length;
}

async function howLong(args: readonly string[]): Promise<number> {
  const fromMs = performance.now();
  await expectWell(args.join(" "), startRepro(args, env).ended);
  return Math.round(performance.now() - fromMs);
}

/** As on the first day: without their names neither the bases nor what is built upon them is found any more. */
async function withoutImages(): Promise<void> {
  const tags = (await docker.listImages()).flatMap(({ RepoTags: names }) => names ?? []);
  for (const tag of tags.filter((name) => name !== "<none>:<none>"))
    await docker.getImage(tag).remove({ force: true });
}

function countRemoved(stdout: string): number {
  const line = /^removed (?<counts>.*)$/m.exec(stdout)?.groups?.["counts"] ?? "";
  return [...line.matchAll(/\d+/g)].reduce((sum, [count]) => sum + Number(count), 0);
}

async function expectWell(what: string, ending: Promise<Ended>): Promise<void> {
  const ended = await ending;
  if (ended.exitCode !== 0) failures.push(`${what}: exit ${ended.exitCode} ${ended.stdout}${ended.stderr}`);
}

async function anEngine(): Promise<FoundEngine> {
  const discovery = await findEngine();
  if (discovery.kind === "none") throw new Error("no Docker engine answers");
  return discovery;
}

function minutes(fromMs: number): string {
  return `${((performance.now() - fromMs) / 60_000).toFixed(1)} min`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
