import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { startRepro } from "../command.ts";

let out = "";
afterEach(() => {
  rmSync(out, { recursive: true, force: true });
});

describe("a simulation that is interrupted, however busy its virtual time", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)(
    "by %s ends with %i, and leaves the logs so far",
    async (signal, exitCode) => {
      out = mkdtempSync(join(tmpdir(), "repro-interruption-"));
      const options = ["--timing", "fast", "--repeat", "1000", "--out", out];
      const command = startRepro(["deploy-in-disconnect-window", "--engine", "sim", ...options]);
      // The 24 virtual hours that follow are as busy as it gets.
      await command.prints(/judge/);
      if (signal === "SIGINT") command.pressCtrlC();
      else command.signal(signal);
      expect(await command.ended).toMatchObject({
        exitCode,
        signal: null,
        stderr: expect.stringContaining(`repro: interrupted by ${signal}`),
      });
      const logs = join(out, readdirSync(out).toSorted()[0]!, "logs");
      expect(readFileSync(join(logs, "orchestrator.log"), "utf8")).toMatch(/ORCHESTRATOR: Started/);
    },
    30_000,
  );
});
