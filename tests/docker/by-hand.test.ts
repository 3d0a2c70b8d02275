import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createDockerEngine } from "../../harness/engines/docker/docker-engine.ts";
import { PROJECT } from "../../harness/engines/docker/labels.ts";
import { findThings, removeThings } from "../../harness/engines/docker/stack/ours.ts";
import { reproScript } from "../../harness/report/by-hand/script.ts";
import { bundledSystem } from "../../harness/systems/bundled/bundled.ts";
import type { Scenario } from "../../harness/scenario/define.ts";
import { scenarios } from "../../scenarios/index.ts";
import { jobFilesOf, simulate } from "../sim/simulate.ts";
import { dockerOrSkip, REPOSITORY } from "./engine.ts";

const found = await dockerOrSkip();
const folder = mkdtempSync(join(tmpdir(), "repro-by-hand-"));
const started: Script[] = [];

beforeAll(async () => {
  if (found === undefined) return;
  const engine = await createDockerEngine({ ...found, repository: REPOSITORY });
  await engine.prepare(bundledSystem.images, () => {});
});
afterEach(async () => {
  // A test that fails in the middle leaves nothing either.
  for (const script of started.splice(0)) {
    script.signal("SIGKILL");
    await script.ended;
    await removeThings(found!.docker, await thingsOf(script.pid));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A window that is not over before a busy engine has done what has to be done in it. */
const PATIENT = { EXPANSO_ORCHESTRATOR_NODE_MANAGER_HEARTBEAT_TIMEOUT: "20s" };

describe.skipIf(found === undefined)("repro.sh of a simulated run, with docker alone", () => {
  it("shows the stuck state of the headline, and leaves nothing", async () => {
    const script = start(await scriptOf("deploy-in-disconnect-window"), PATIENT);
    const { exitCode, stdout, stderr } = await script.ended;
    expect(exitCode, `${stdout}${stderr}`).toBe(0);
    expect(stdout).toContain("The run found its claim violated: new-test-job is deploying, 0 of 2 running");
    expect(stdout).toContain(
      [
        "So it is now:",
        "job new-test-job: deploying",
        "new-test-job v1 on edge1: pending, desired running",
        "new-test-job v1 on edge2: pending, desired running",
      ].join("\n"),
    );
    expect(stdout).toMatch(/RECONCILER: STUCK EXECUTIONS DETECTED .* job=new-test-job /);
    expect(await countOf(script.pid)).toBe(0);
  });

  it("says so when something else is seen: with a fix switched on nothing gets stuck", async () => {
    const env = { ...PATIENT, EXPANSO_ORCHESTRATOR_SCHEDULER_RECOVERY: "redispatch" };
    const script = start(await scriptOf("deploy-in-disconnect-window"), env);
    const { exitCode, stdout, stderr } = await script.ended;
    expect(exitCode, `${stdout}${stderr}`).toBe(1);
    expect(stdout).toMatch(/^< job new-test-job: deploying$/m);
    expect(stdout).toMatch(/^> job new-test-job: running$/m);
    expect(await countOf(script.pid)).toBe(0);
  });

  it.each(["restart-with-wiped-disk", "brief-disconnect"])(
    "shows what its run found: %s",
    async (scenario) => {
      const script = start(await scriptOf(scenario));
      const { exitCode, stdout, stderr } = await script.ended;
      expect(exitCode, `${stdout}${stderr}`).toBe(0);
      expect(await countOf(script.pid)).toBe(0);
    },
  );

  it("removes what it has made when it is interrupted", async () => {
    const script = start(await scriptOf("deploy-in-disconnect-window"));
    await script.prints(/kill edge1/);
    expect(await countOf(script.pid)).toBeGreaterThan(4);
    script.signal("SIGTERM");
    expect(await script.ended).toMatchObject({ exitCode: 143 });
    expect(await countOf(script.pid)).toBe(0);
  });

  it("names the image that is missing and how to build it, and makes nothing", async () => {
    const text = await scriptOf("deploy-all-connected");
    const script = start(text.replaceAll("expanso-edge:debug", "expanso-edge:nowhere"));
    expect(await script.ended).toMatchObject({
      exitCode: 1,
      stdout: "",
      stderr: "there is no image expanso-edge:nowhere: build it with `pnpm repro images`\n",
    });
    expect(await countOf(script.pid)).toBe(0);
  });
});

async function scriptOf(id: string): Promise<string> {
  const scenario: Scenario = scenarios.find((candidate) => candidate.id === id)!;
  const { outcome, result } = await simulate({ scenario, seed: 1, profile: "fast" });
  const record = {
    runId: "run-1",
    result,
    timeline: outcome.timeline,
    system: bundledSystem,
    jobFiles: jobFilesOf(scenario),
    surroundings: { harness: "", host: "", images: [] },
  };
  return reproScript(record, bundledSystem.byHand!);
}

interface Script {
  readonly pid: number;
  readonly ended: Promise<{ exitCode: number | null; stdout: string; stderr: string }>;
  /** Resolves when it has printed such a line; rejects when it ends without one. */
  prints(pattern: RegExp): Promise<void>;
  signal(signal: NodeJS.Signals): void;
}

function start(text: string, env: Readonly<Record<string, string>> = {}): Script {
  const file = join(folder, "repro.sh");
  writeFileSync(file, text);
  const child = spawn("bash", [file], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const)
    child[stream].setEncoding("utf8").on("data", (more: string) => (said[stream] += more));
  const ended = new Promise<{ exitCode: number | null; stdout: string; stderr: string }>(
    (resolve, reject) => {
      child.on("error", reject);
      child.on("close", (exitCode) => resolve({ exitCode, ...said }));
    },
  );
  const script: Script = {
    pid: child.pid ?? 0,
    ended,
    signal: (signal) => void child.kill(signal),
    prints: async (pattern) =>
      await new Promise((resolve, reject) => {
        const look = () => {
          if (pattern.test(said.stdout)) resolve();
        };
        child.stdout.on("data", look);
        void ended.then(
          ({ stdout, stderr }) => reject(new Error(`never printed: ${stdout}${stderr}`)),
          reject,
        );
        look();
      }),
  };
  started.push(script);
  return script;
}

/** A script names its run after its own process. */
async function thingsOf(pid: number) {
  const { containers, networks, volumes } = await findThings(found!.docker, "project", PROJECT);
  const isIts = ({ name }: { readonly name: string }) =>
    new RegExp(`repro-by-hand-\\d+-\\d+-${pid}(-|$)`).test(name);
  return {
    containers: containers.filter(isIts),
    networks: networks.filter(isIts),
    volumes: volumes.filter(isIts),
  };
}

async function countOf(pid: number): Promise<number> {
  return Object.values(await thingsOf(pid)).flat().length;
}
