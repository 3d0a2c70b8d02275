import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));

/** Takes nothing: whatever is written to it finds no space. */
const FULL = "/dev/full";

describe.skipIf(!existsSync(FULL))("output that cannot be written: exit 3, and what to do", () => {
  it.each([
    ["of a command that only tells", ["list"]],
    ["of what it is", ["--version"]],
    ["of how it is used", ["sweep", "--help"]],
    ["of a run, which is ended", ["--engine", "sim", "--timing", "fast"]],
    ["of a result for programs", ["--engine", "sim", "--timing", "fast", "--format", "json"]],
  ])(
    "%s",
    async (_what, args) => {
      const full = openSync(FULL, "w");
      const child = spawn(process.execPath, ["repro.ts", ...args], {
        cwd: REPOSITORY,
        env: { ...process.env, NO_COLOR: "1" },
        stdio: ["ignore", full, "pipe"],
      });
      closeSync(full);
      const exitCode = new Promise((resolve) => void child.once("exit", resolve));
      expect({ err: await text(child.stderr!), exitCode: await exitCode }).toEqual({
        err:
          "repro: write to standard output: ENOSPC: no space left on device, write\n" +
          "  mend: make room where it goes, or send it elsewhere; see the disks: df -h\n",
        exitCode: 3,
      });
    },
    60_000,
  );
});
