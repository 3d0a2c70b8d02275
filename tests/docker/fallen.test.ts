import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { runCommand } from "../../harness/cli/run-command.ts";
import { tellingState } from "../../harness/cli/stack/state.ts";
import { createDockerEngine } from "../../harness/engines/docker/docker-engine.ts";
import { EnvironmentError } from "../../harness/errors.ts";
import { MachineFell } from "../../harness/scenario/fallen.ts";
import { raise } from "../../harness/standing/raise.ts";
import { bundledSystem } from "../../harness/systems/bundled/bundled.ts";
import type { System } from "../../harness/systems/system.ts";
import { PROFILES } from "../../harness/timing/profile.ts";
import { aCommandWorld } from "../sim/command-world.ts";
import { aRunId, dockerOrSkip, REPOSITORY } from "./engine.ts";

const found = await dockerOrSkip();

/** As it comes, but that one edge is asked for what it does not know. */
const system: System = {
  ...bundledSystem,
  machines: (shape) =>
    bundledSystem
      .machines(shape)
      .map((machine) => (machine.name === "edge2" ? { ...machine, args: ["rum"] } : machine)),
};
const FLAGS = { engine: "docker", timing: "fast", fix: "none", repeat: "1", seed: "1", format: "text" };
const SEEN =
  /^container [0-9a-f]{12} \(repro-.*-edge2\) ended by itself with [1-9]\d*; its last line: error: .*rum/;

describe.skipIf(found === undefined)(
  "a machine that ends while it is waited for",
  { timeout: 300_000 },
  () => {
    it("ends the run at once, by name, with its exit code and what it said; its log is kept", async () => {
      const out = mkdtempSync(join(tmpdir(), "repro-fallen-"));
      onTestFinished(() => rmSync(out, { recursive: true }));
      const world = aCommandWorld({ system });
      const error = await runCommand([], { ...FLAGS, out }, world).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(EnvironmentError);
      expect((error as Error).message.replace("wait for edge2 to come up: ", "")).toMatch(SEEN);
      expect(world.said.out.at(-1)).toBe(`  logs     ${join(out, "logs")}, so far as it came`);
      expect(readFileSync(join(out, "logs", "edge2.log"), "utf8")).toContain("rum");
    });

    it("is not waited for by hand either", async () => {
      const engine = await createDockerEngine({ ...found!, repository: REPOSITORY });
      await engine.prepare(system.images, () => {});
      const { timing } = PROFILES["fast"]!;
      const machines = system.machines({ edges: 2, timing, fix: "none" });
      await using stack = await engine.openStack({ runId: aRunId(), machines, secrets: system.secrets });
      const error = await raise(tellingState({ engine, stack, timing }, aCommandWorld({ system }))).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(MachineFell);
      expect((error as Error).message.replace("wait for edge2 to come up: ", "")).toMatch(SEEN);
    });
  },
);
