import { spawnSync } from "node:child_process";
import { InvalidArgumentError, Option } from "commander";
import { createSimEngine } from "../harness/engines/sim/sim-engine.ts";
import { createRunState } from "../harness/scenario/run-state.ts";
import { bundledSystem } from "../harness/systems/bundled/bundled.ts";
import { PROFILES } from "../harness/timing/profile.ts";
import { scenarios } from "../scenarios/index.ts";
import { simulate } from "../tests/sim/simulate.ts";
import { toolCommand, numberOption, wholeNumber } from "../scripts/command.ts";

/**
 * How fast the simulation is (spec 5-quality, "Speed"). Every figure is taken with lines read and the timeline
 * recorded, as in a run of the command.
 *
 *     node bench/sim.ts [--seeds 100] [--sizes 10,100,1000,10000] [--only headline,idle,fleet]
 */
const PARTS = ["headline", "idle", "fleet"] as const;
type Part = (typeof PARTS)[number];

const values = toolCommand("node bench/sim.ts", "How fast the simulation is.")
  .addOption(numberOption("--seeds <n>", "runs of the headline", 100))
  .option(
    "--sizes <n,n>",
    "edges of the fleets",
    (text) => text.split(",").map((size) => wholeNumber(size)),
    [10, 100, 1_000, 10_000],
  )
  .option("--only <part,part>", "headline, idle, fleet", (text) => text.split(",").map(partOf), [...PARTS])
  .addOption(new Option("--cold").hideHelp())
  .parse()
  .opts<{ seeds: number; sizes: number[]; only: Part[]; cold?: true }>();

const WARM_UP_RUNS = 10;
const COLD_RUNS = 5;
const HOUR_MS = 3_600_000;

const headline = scenarioCalled("deploy-in-disconnect-window");
const control = scenarioCalled("deploy-all-connected");

if (values.cold) await runCold();
else {
  if (values.only.includes("headline")) await measureHeadline(values.seeds);
  if (values.only.includes("idle")) await measureIdleHour();
  if (values.only.includes("fleet")) await measureFleets(values.sizes);
}

function partOf(text: string): Part {
  const part = PARTS.find((candidate) => candidate === text);
  if (part !== undefined) return part;
  throw new InvalidArgumentError(`There are ${PARTS.join(", ")}.`);
}

/** As the command does it: the engine is prepared, then runs. */
async function runCold(): Promise<void> {
  const prepared = await timed(() => createSimEngine({ seed: 1 }).prepare(bundledSystem.images, say));
  const ran = await timed(() => simulateHeadline(1));
  say(`${prepared.wallMs} ${ran.wallMs}`);
}

/** The headline in default timing, without the 24 hours that follow a violated claim. */
async function measureHeadline(seeds: number): Promise<void> {
  const cold = Array.from({ length: COLD_RUNS }, () => {
    const child = spawnSync(process.execPath, [import.meta.filename, "--cold"], { encoding: "utf8" });
    return child.stdout.split(" ").map(Number);
  });
  const [prepareMs, coldMs] = [0, 1].map((column) => median(cold.map((run) => run[column] ?? Number.NaN)));
  for (let seed = 1; seed <= WARM_UP_RUNS; seed += 1) await simulateHeadline(seed);
  const runs = [];
  for (let seed = 1; seed <= seeds; seed += 1) runs.push(await timed(() => simulateHeadline(seed)));
  const wallMs = runs.map((run) => run.wallMs);
  const events = sum(runs.map((run) => run.value.events));
  const entries = sum(runs.map((run) => run.value.result.events));
  const virtualS = runs.map((run) => run.value.result.virtualMs / 1_000);
  const unexpected = runs.filter((run) => !run.value.result.asExpected).length;
  say(`headline, default timing, ${seeds} seeds, ${unexpected} verdicts not as expected`);
  say(`  virtual time   median ${fixed(median(virtualS))} s, max ${fixed(Math.max(...virtualS))} s`);
  say(
    `  wall clock     median ${fixed(median(wallMs))} ms, max ${fixed(Math.max(...wallMs))} ms after ${WARM_UP_RUNS} runs; ` +
      `the first run of a process ${fixed(coldMs!)} ms, prepared in ${fixed(prepareMs!)} ms (medians of ${COLD_RUNS} processes)`,
  );
  say(
    `  events         ${Math.round(events / seeds)} and ${Math.round(entries / seeds)} timeline entries a run, ` +
      `${perSecond(events, sum(wallMs))} events/s`,
  );
}

/** Nothing happens but heartbeats and housekeeping. */
async function measureIdleHour(): Promise<void> {
  const timing = PROFILES["default"]!.timing;
  const engine = createSimEngine({ seed: 1 });
  const machines = bundledSystem.machines({ edges: 2, timing, fix: "none" });
  await using stack = await engine.openStack({ runId: "idle", machines });
  let lines = 0;
  const state = createRunState({
    engine,
    system: bundledSystem,
    stack,
    signal: new AbortController().signal,
    timing,
    startedAtMs: engine.clock.nowMs(),
    onEntry: () => {},
    onLine: () => (lines += 1),
  });
  const pass = (durationMs: number) =>
    new Promise<void>((resolve) => {
      engine.clock.after(durationMs, resolve);
    });
  await Promise.all(stack.machines().map((machine) => machine.start()));
  await pass(HOUR_MS);
  const [eventsBefore, linesBefore] = [engine.happened(), lines];
  const { wallMs } = await timed(() => pass(HOUR_MS));
  const events = engine.happened() - eventsBefore;
  say("an hour of an idle cluster with two edges, default timing");
  say(
    `  wall clock     ${fixed(wallMs)} ms: ${Math.round(HOUR_MS / wallMs)} × real time; ` +
      `${events} events, ${lines - linesBefore} lines, ${perSecond(events, wallMs)} events/s ` +
      `(${state.timeline.entries().length} timeline entries in all)`,
  );
}

/** One job to every edge of a cluster. */
async function measureFleets(sizes: readonly number[]): Promise<void> {
  say("one job deployed to all edges, default timing");
  let before: { readonly edges: number; readonly wallMs: number } | undefined;
  for (const edges of sizes) {
    const rounds = Math.max(1, Math.min(20, Math.floor(3_000 / edges)));
    const runs = [];
    for (let seed = 1; seed <= rounds; seed += 1) {
      runs.push(await timed(() => simulate({ scenario: control, seed, profile: "default", edges })));
    }
    const wallMs = median(runs.map((run) => run.wallMs));
    const events = sum(runs.map((run) => run.value.events));
    const ratio =
      before === undefined
        ? ""
        : `, ${fixed(wallMs / before.wallMs)} × the time for ${fixed(edges / before.edges)} × the edges`;
    say(
      `  ${String(edges).padStart(6)} edges   ${fixed(wallMs)} ms (median of ${rounds}), ${runs[0]!.value.result.verdict}, ` +
        `${Math.round(events / rounds)} events, ${perSecond(events, sum(runs.map((run) => run.wallMs)))} events/s${ratio}`,
    );
    before = { edges, wallMs };
  }
}

function simulateHeadline(seed: number) {
  return simulate({ scenario: headline, seed, profile: "default" });
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly wallMs: number; readonly value: T }> {
  const startedAt = process.hrtime.bigint();
  const value = await work();
  return { wallMs: Number(process.hrtime.bigint() - startedAt) / 1e6, value };
}

function scenarioCalled(id: string) {
  const found = scenarios.find((scenario) => scenario.id === id);
  if (found === undefined) throw new Error(`there is no scenario ${id}`);
  return found;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function perSecond(count: number, wallMs: number): string {
  return `${Math.round(count / wallMs)} k`;
}

function fixed(number: number): string {
  return number < 100 ? number.toFixed(1) : String(Math.round(number));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
