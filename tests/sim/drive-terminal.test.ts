import { expect, it, onTestFinished } from "vitest";
import { noTerminal, openTerminal } from "../terminal.ts";
import { aReportFolder } from "./command-world.ts";

it.skipIf(noTerminal() !== undefined)(
  "in a terminal the hours go by in which a stuck cluster is watched on, and leave nothing on the screen",
  async () => {
    const options = ["--engine", "sim", "--timing", "fast", "--out", aReportFolder()];
    const terminal = openTerminal(["deploy-in-disconnect-window", ...options]);
    onTestFinished(() => terminal.kill());
    for (const hour of [1, 12, 24])
      await terminal.shows(new RegExp(`hour ${hour} of 24 that it is watched on`));
    const { exitCode, shown } = await terminal.ended;
    expect(exitCode).toBe(0);
    expect(shown).not.toContain("watched on");
    expect(shown).toMatch(/^ *\d+s {2}drive on {2}24 h more: nothing has changed$/m);
  },
  60_000,
);
