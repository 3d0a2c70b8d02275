import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { runCommand } from "../../harness/cli/run-command.ts";
import { upCommand } from "../../harness/cli/stack/up.ts";
import { findThings } from "../../harness/engines/docker/stack/ours.ts";
import { EnvironmentError } from "../../harness/errors.ts";
import { bundledSystem } from "../../harness/systems/bundled/bundled.ts";
import type { System } from "../../harness/systems/system.ts";
import { aCommandWorld } from "../sim/command-world.ts";
import { aRunId, dockerOrSkip } from "./engine.ts";

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

    it("ends `repro up` at once, and nothing of it is left", async () => {
      const name = aRunId();
      const world = aCommandWorld({ system });
      const error = await upCommand({ engine: "docker", name }, world).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(EnvironmentError);
      expect((error as Error).message).toMatch(
        /^bring up the stack ".*": wait for edge2 to come up: container /,
      );
      expect((error as Error).message).toMatch(/; it is removed again$/);
      expect(await findThings(found!.docker, "run", name)).toEqual({
        containers: [],
        networks: [],
        volumes: [],
      });
    });
  },
);
