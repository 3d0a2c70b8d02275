import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Result } from "../../harness/report/result.ts";
import { startRepro } from "../command.ts";
import { aReportFolder } from "./command-world.ts";

it("a run says its replay as it was called, and its report as always", async () => {
  const out = aReportFolder();
  const options = ["--engine", "sim", "--timing", "fast"];
  const called = { REPRO_CALLED_AS: "../there/repro.ts" };
  const { stdout } = await startRepro(["deploy-all-connected", ...options, "--out", out], called).ended;
  const words = "deploy-all-connected --engine sim --timing fast --seed 1";
  expect(stdout).toContain(`  replay   ../there/repro.ts ${words}\n`);
  const result = JSON.parse(readFileSync(join(out, "result.json"), "utf8")) as Result;
  expect(result.replay).toBe(`pnpm repro ${words}`);
}, 60_000);

it.each([
  ["wrong usage", ["--frob"], /^$/, /^\(`\.\/repro\.ts --help` shows what is accepted\)$/m],
  ["help", ["down", "--help"], /^Here `pnpm repro` is: \.\/repro\.ts$/m, /^$/],
])(
  "so does %s",
  async (_what, args, out, err) => {
    const { stdout, stderr } = await startRepro(args, { REPRO_CALLED_AS: "./repro.ts" }).ended;
    expect(stdout).toMatch(out);
    expect(stderr).toMatch(err);
  },
  60_000,
);
