import { describe, expect, it } from "vitest";
import type { RunFlags } from "../../harness/cli/options.ts";
import { runCommand } from "../../harness/cli/run-command.ts";
import type { Result } from "../../harness/report/result.ts";
import { aCommandWorld, aReportFolder } from "./command-world.ts";

const FLAGS: RunFlags = {
  engine: "sim",
  timing: "default",
  fix: "none",
  repeat: "1",
  seed: "1",
  format: "json",
};

describe("--expect", { timeout: 60_000 }, () => {
  it("is what a run is judged by instead of the scenario's own expectation, in its replay, too", async () => {
    const { code, out } = await run({ expect: "held" });
    const { expected, asExpected, replay } = JSON.parse(out.join("")) as Result;
    expect({ code, expected, asExpected }).toEqual({ code: 1, expected: "held", asExpected: false });
    expect(replay).toContain(" --expect held ");
  });

  it("leaves the loss open", async () => {
    const { code, out } = await run({ expect: "violated" });
    expect(code).toBe(0);
    expect(JSON.parse(out.join(""))).toMatchObject({ expected: "violated", asExpected: true, loss: "L1" });
  });

  it("is one of two words", async () => {
    await expect(run({ expect: "hold" })).rejects.toThrow(
      '--expect: got "hold" (did you mean "held"?); accepted are held, violated',
    );
  });
});

it("--repeat tells how often it was as expected, and what that says of the rate", async () => {
  const { code, out } = await run({ repeat: "5", format: "text" });
  expect(code).toBe(0);
  const [count, figures] = out.slice(-2);
  expect(count).toContain("5 of 5 as expected");
  expect(figures).toMatch(
    /rate 56\.6 – 100 % \(95 %, Wilson\) · start to verdict min .+, median .+, p95 .+, max .+/,
  );
}, 60_000);

it("--keep says that a simulation leaves nothing to keep", async () => {
  const { code, err } = await run({ keep: true });
  expect(code).toBe(0);
  expect(err).toEqual([
    "repro: --keep is for Docker; a simulation ends with its run, and leaves nothing to keep",
  ]);
}, 60_000);

/** The headline, in this process. */
async function run(flags: Partial<RunFlags>) {
  const world = aCommandWorld();
  const code = await runCommand([], { ...FLAGS, out: aReportFolder(), ...flags }, world);
  return { code, out: world.said.out, err: world.said.err };
}
