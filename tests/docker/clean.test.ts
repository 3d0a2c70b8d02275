import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { removeLeftovers } from "../../harness/engines/docker/clean.ts";
import { LABELS, PROJECT } from "../../harness/engines/docker/labels.ts";
import { findThings } from "../../harness/engines/docker/stack/ours.ts";
import { aRunId, dockerOrSkip, fixtureEngine, fixtureImage, REPOSITORY } from "./engine.ts";

const KEY = "fixture-clean";
const found = await dockerOrSkip();
const ready = found && (await fixtureEngine(found, KEY));

describe.skipIf(ready === undefined)("cleaning up after harnesses that are gone", () => {
  it("removes what a killed one left, and spares the run of a living one", async () => {
    const [deadRun, livingRun] = [aRunId(), aRunId()];
    const machines = [{ name: "m1", image: KEY, args: [], env: {}, data: { path: "/data", identity: [] } }];
    await using living = await ready!.engine.openStack({ runId: livingRun, machines });
    await living.machine("m1").start();
    await leaveBehind(deadRun);
    expect(await countOf(deadRun)).toEqual({ containers: 3, networks: 1, volumes: 3 });

    const told: string[] = [];
    const removed = await removeLeftovers(found!.docker, { tell: (progress) => told.push(progress) });
    expect(await countOf(deadRun)).toEqual({ containers: 0, networks: 0, volumes: 0 });
    expect(removed).toMatchObject({ left: [], stuck: [] });
    expect(removed.containers).toBeGreaterThanOrEqual(3);
    expect(removed.spared).toBeGreaterThanOrEqual(3);
    expect(told).toHaveLength(1);

    expect(await countOf(livingRun)).toEqual({ containers: 1, networks: 1, volumes: 1 });
    expect(await living.machine("m1").state()).toBe("running");
  });

  it("two at once do not get into each other's way", async () => {
    const runId = aRunId();
    await leaveBehind(runId);
    const both = await Promise.all([removeLeftovers(found!.docker), removeLeftovers(found!.docker)]);
    expect(both.map(({ left, stuck }) => [...left, ...stuck])).toEqual([[], []]);
    expect(await countOf(runId)).toEqual({ containers: 0, networks: 0, volumes: 0 });
  });

  it.each([
    ["another host's", "elsewhere/1/1"],
    ["nobody's", undefined],
  ])("spares what is %s", async (_, owner) => {
    const runId = aRunId();
    const ofRun = { [LABELS.project]: PROJECT, [LABELS.run]: runId };
    const labels = { ...ofRun, ...(owner === undefined ? {} : { [LABELS.owner]: owner }) };
    const name = `repro-${runId}`;
    await found!.docker.createVolume({ Name: name, Labels: labels });
    try {
      await removeLeftovers(found!.docker);
      expect(await found!.docker.getVolume(name).inspect()).toMatchObject({ Name: name });
    } finally {
      await found!.docker.getVolume(name).remove();
    }
  });
});

describe.skipIf(ready === undefined)("a container that somebody started from an image of ours", () => {
  it("is theirs, though it has the image's labels: not even `repro clean --all` looks at it", async () => {
    const container = await found!.docker.createContainer({ Image: fixtureImage(KEY).tag });
    try {
      const { Config: config } = await container.inspect();
      expect(config.Labels).toMatchObject({ [LABELS.project]: PROJECT });
      // What `--all` removes; to remove all of it here would take other people's runs along.
      const { containers } = await findThings(found!.docker, "project", PROJECT);
      expect(containers.map(({ id }) => id)).not.toContain(container.id);
    } finally {
      await container.remove();
    }
  });
});

/** A harness opens a stack and is killed, as by `kill -9`. */
async function leaveBehind(runId: string): Promise<void> {
  const victim = fileURLToPath(new URL("fixtures/victim.ts", import.meta.url));
  const child = spawn(process.execPath, [victim, runId, JSON.stringify(fixtureImage(KEY)), REPOSITORY], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  child.kill("SIGKILL");
  await once(child, "exit");
}

async function countOf(runId: string) {
  const { containers, networks, volumes } = await findThings(found!.docker, "run", runId);
  return { containers: containers.length, networks: networks.length, volumes: volumes.length };
}
