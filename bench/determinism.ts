import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createInterface } from "node:readline";
import { Option } from "commander";
import { scenarios } from "../scenarios/index.ts";
import { simulate } from "../tests/sim/simulate.ts";
import { toolCommand, numberOption } from "../scripts/command.ts";

/**
 * The determinism certificate: every scenario under many seeds, each twice, in two processes that differ in
 * time zone and locale; all timelines must be the same to the byte, and every verdict as expected.
 *
 *     node bench/determinism.ts [--seeds 100] [--timing default] [--drive-hours 24]
 */
const { seeds, ...values } = toolCommand(
  "node bench/determinism.ts",
  "The determinism certificate: every scenario under many seeds, in two processes.",
)
  .addOption(numberOption("--seeds <n>", "how many", 100))
  .option("--timing <profile>", "at which pace", "default")
  .addOption(
    numberOption(
      "--drive-hours <n>",
      "how long a violated claim is watched on, as the command does it",
      24,
      0,
    ),
  )
  .addOption(new Option("--child").hideHelp())
  .parse()
  .opts<{ seeds: number; timing: string; driveHours: number; child?: true }>();

const PLACES = [
  { TZ: "Pacific/Kiritimati", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" },
  { TZ: "America/St_Johns", LANG: "C", LC_ALL: "C" },
] as const;

if (values.child) await runAll();
else await compare();

/** One line a run: scenario, seed, hash of `timeline.jsonl`, verdict, whether it is as expected. */
async function runAll(): Promise<void> {
  for (let seed = 1; seed <= seeds; seed += 1) {
    for (const scenario of scenarios) {
      const driveOnMs = values.driveHours * 3_600_000;
      const { timeline, result } = await simulate({ scenario, seed, profile: values.timing, driveOnMs });
      const hash = createHash("sha256").update(timeline).digest("hex");
      const verdict = `${result.verdict}${result.loss === null ? "" : `/${result.loss}`}`;
      say(`${scenario.id} ${seed} ${hash} ${verdict} ${result.asExpected ? "expected" : "UNEXPECTED"}`);
    }
  }
}

async function compare(): Promise<void> {
  const startedAt = process.hrtime.bigint();
  const [here = [], there = []] = await Promise.all(PLACES.map(linesFrom));
  const tookS = Number(process.hrtime.bigint() - startedAt) / 1e9;
  const runs = seeds * scenarios.length;
  const different = here.filter((line, index) => line !== there[index]);
  const unexpected = [...here, ...there].filter((line) => line.endsWith("UNEXPECTED"));
  const hashes = new Set(here.map((line) => line.split(" ")[2]));
  for (const line of [...different, ...unexpected]) say(line);
  say(
    `${seeds} seeds × ${scenarios.length} scenarios × 2 processes (${PLACES.map(({ TZ, LANG }) => `${TZ} ${LANG}`).join(", ")}), ` +
      `timing ${values.timing}: ${here.length} and ${there.length} runs, ${different.length} differ, ` +
      `${hashes.size} different timelines, ${unexpected.length} unexpected verdicts, ${tookS.toFixed(1)} s`,
  );
  const isGood = here.length === runs && there.length === runs && different.length + unexpected.length === 0;
  process.exitCode = isGood && hashes.size === runs ? 0 : 1;
}

async function linesFrom(place: (typeof PLACES)[number]): Promise<string[]> {
  const child = spawn(process.execPath, [import.meta.filename, ...process.argv.slice(2), "--child"], {
    env: { ...process.env, ...place },
    stdio: ["ignore", "pipe", "inherit"],
  });
  return await Array.fromAsync(createInterface({ input: child.stdout }));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
