import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";

const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));
const scenario = (run: string) =>
  `export default {\n  id: "mine",\n  claim: "It runs.",\n  jobs: ["test-job.yaml"],\n${run}\n};\n`;

// By the command itself: what a module that does not parse says depends on who loads it.
it.each([
  ["a mistake in the syntax", "mine.ts", scenario("  async run( {"), /^repro: mine\.ts:[56]: /],
  [
    "a mistake in the syntax",
    "mine.mjs",
    scenario("  async run( {"),
    /^repro: mine\.mjs:6: Unexpected token ';'/,
  ],
  [
    "a verb that is not waited for",
    "mine.mjs",
    scenario("  async run({ edges }) {\n    edges.first(1).kill();\n  },"),
    /^repro: mine\.mjs:6:20: kill\(\) is not waited for: write `await` before it\n$/,
  ],
  [
    "a name that there is not",
    "mine.ts",
    scenario(
      '  async run({ deploy }: { deploy: (file: string) => Promise<object> }) {\n    const job = await deploy("test-job.yaml");\n    job.runOn();\n  },',
    ),
    /^repro: mine\.ts:7:9: job\.runOn is not a function\n$/,
  ],
  [
    "a verb that is given nothing",
    "mine.mjs",
    scenario("  async run({ edges }) {\n    await edges.recreate();\n  },"),
    /^repro: mine\.mjs:6:17: recreate\(\) was given what it does not take: .*\n$/,
  ],
  [
    "a condition that is not made",
    "mine.mjs",
    scenario("  async run({ edges, claim }) {\n    await claim(edges.areReady);\n  },"),
    /^repro: mine\.mjs:6:11: claim\(\) takes a condition, .* was given function\n$/,
  ],
  [
    "the time of the machine",
    "mine.mjs",
    scenario("  async run() {\n    await new Promise((resolve) => setTimeout(resolve, 9));\n  },"),
    /^repro: mine\.mjs:6:\d+: setTimeout\(\) was used in a simulation: [^\n]*\n$/,
  ],
])("%s in a scenario file is the user's, and told with its place", async (_what, name, source, message) => {
  const folder = mkdtempSync(join(tmpdir(), "repro-mistake-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, name), source);
  const { exitCode, stderr } = await run(folder, [name, "--engine", "sim", "--timing", "fast"]);
  expect(stderr).toMatch(message);
  expect(exitCode).toBe(64);
});

async function run(folder: string, args: readonly string[]): Promise<{ exitCode: number; stderr: string }> {
  return await new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [join(REPOSITORY, "repro.ts"), ...args],
      { cwd: folder },
      (_error, _stdout, stderr) => resolve({ exitCode: child.exitCode ?? -1, stderr }),
    );
  });
}
