import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { text } from "node:stream/consumers";
import { expect, it, onTestFinished } from "vitest";

const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));

/** As npx does it: a title of its own, a shell, and in that the command; a SIGKILL is handed to nobody. */
const LAUNCHER = `
  process.title = "npm exec pnpm@12 repro";
  const { spawn } = require("node:child_process");
  spawn("sh", ["-c", '"$0" repro.ts "$@"; exit $?', process.execPath, ...process.argv.slice(1)], { stdio: "inherit" });
`;

it.skipIf(process.platform !== "linux")(
  "ends, cleaned up, when the npx that started it was ended alone",
  async () => {
    const launcher = spawn(
      process.execPath,
      [
        "-e",
        LAUNCHER,
        "--",
        "deploy-in-disconnect-window",
        "--engine",
        "sim",
        "--timing",
        "fast",
        "--repeat",
        "1000",
      ],
      {
        cwd: REPOSITORY,
        env: { ...process.env, NO_COLOR: "1" },
        stdio: ["ignore", "pipe", "pipe"],
        // A group of its own, by which a command that does not notice is ended all the same.
        detached: true,
      },
    );
    onTestFinished(() => endGroup(launcher.pid!));
    const { promise: runs, resolve } = Promise.withResolvers<void>();
    launcher.stdout.on("data", (part: Buffer) => void (part.includes("judge") && resolve()));
    // Its pipes are closed when the last one who has them ends, which is the command.
    const err = text(launcher.stderr);
    await runs;
    launcher.kill("SIGKILL");
    expect(await err).toBe(
      "repro: npx, or what else has started this for you, was ended: so is this\n" +
        "repro: interrupted by SIGTERM; everything that was started is removed\n",
    );
  },
  60_000,
);

function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // Everybody in it has ended, as it should be.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
