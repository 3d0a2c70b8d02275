import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { describe, expect, it } from "vitest";

const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));
const TOOLS = [
  "scripts/package-binaries.ts",
  "scripts/run-workflow.ts",
  ...readdirSync(new URL("../../bench", import.meta.url)).map((file) => `bench/${file}`),
];

describe.each(TOOLS)("%s", (file) => {
  it("tells how it is used, and does nothing else", async () => {
    const { exitCode, stdout } = await run(file, "--help");
    expect(stdout).toMatch(/^Usage: .* \[options\]/);
    expect(exitCode).toBe(0);
  });

  it("does nothing for words that it does not know", async () => {
    const { exitCode, stdout, stderr } = await run(file, "--nonsense");
    expect(stderr).toMatch(/^error: unknown option '--nonsense'\n/);
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: "" });
  });
});

it.each([
  ["scripts/run-workflow.ts", ["nowhere.yml"], /^nowhere\.yml: ENOENT/],
  ["bench/determinism.ts", ["--seeds", "none"], /Accepted is a whole number from 1 on/],
  ["bench/sim.ts", ["--only", "headlines"], /There are headline, idle, fleet/],
])("%s %j is told what is wrong with it", async (file, args, why) => {
  const { exitCode, stderr } = await run(file, ...args);
  expect(stderr).toMatch(why);
  expect(exitCode).toBe(64);
});

async function run(file: string, ...args: readonly string[]) {
  return await execa(process.execPath, [file, ...args], { cwd: REPOSITORY, reject: false });
}
