import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Command, startRepro } from "../command.ts";
import { noOwnEngine, ownEngine, type OwnEngine } from "./own-engine.ts";

const GONE = "the engine has gone away, or was restarted";
/** The limit of a test says when; a busy machine takes long to start an engine. */
const PATIENCE_MS = 240_000;

const cannot = noOwnEngine() !== undefined;
let engine: OwnEngine;
let out = "";

describe.skipIf(cannot)("an engine that goes away", { timeout: PATIENCE_MS }, () => {
  beforeAll(async () => {
    engine = await ownEngine();
    out = mkdtempSync(join(tmpdir(), "repro-engine-gone-"));
    const { exitCode, stderr } = await start(["images"]).ended;
    if (exitCode !== 0) throw new Error(stderr);
  }, PATIENCE_MS);
  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
    rmSync(out, { recursive: true, force: true });
  }, PATIENCE_MS);

  it.each([
    ["is restarted while the machines start", "stop", ["--timing", "fast"], /start +nats/],
    ["is restarted while edges are dead", "stop", ["--timing", "fast"], /kill +edge1/],
    ["is killed while edges are dead", "kill", ["--timing", "fast"], /kill +edge1/],
    // In default timing nothing is asked of it for minutes.
    ["is killed while the run only waits", "kill", [], /HANDSHAKE/],
  ] as const)("and %s: exit 3, and what to do", async (_when, end, timing, line) => {
    const command = start(["deploy-in-disconnect-window", "--engine", "docker", ...timing]);
    await command.prints(line);
    await engine[end]();
    const goneAt = performance.now();
    const ended = await command.ended;
    // Not only at the end of its patience, which is longer in default timing.
    expect(performance.now() - goneAt).toBeLessThan(30_000);
    expect(ended, `it said: ${ended.stderr}`).toMatchObject({ exitCode: 3, signal: null });
    expect(ended.stderr).toContain(GONE);
    expect(ended.stderr).toContain("repro clean");
    expect(ended.stderr).not.toMatch(/defect|unhandled/i);

    await engine.start();
    expect((await whatIsLeft()).containers).toBeGreaterThan(0);
    await cleanUp();
  });

  it("in the middle of a build: exit 3, and no half image is left", async () => {
    await removeImages();
    const command = start(["images"]);
    await command.prints(/^building/);
    await engine.kill();
    const ended = await command.ended;
    expect(ended, `it said: ${ended.stderr}`).toMatchObject({ exitCode: 3, signal: null });
    expect(ended.stderr).toContain(GONE);
    await engine.start();
    await cleanUp();
    expect(await start(["images"]).ended).toMatchObject({ exitCode: 0 });
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)(
    "images that are interrupted by %s: exit %i, and no half image is left",
    async (signal, exitCode) => {
      await removeImages();
      const command = start(["images"]);
      await command.prints(/^building/);
      command.signal(signal);
      const ended = await command.ended;
      expect(ended, `it said: ${ended.stderr}`).toMatchObject({ exitCode, signal: null });
      expect(await whatIsLeft()).toEqual(NOTHING);
      expect(await start(["images"]).ended).toMatchObject({ exitCode: 0 });
    },
  );

  it("that stands still holds nobody who presses Ctrl-C twice", async () => {
    const command = start(["deploy-in-disconnect-window", "--engine", "docker"]);
    await command.prints(/start +nats/);
    engine.freeze();
    const pressing = setInterval(() => command.signal("SIGINT"), 100);
    const ended = await command.ended.finally(() => {
      clearInterval(pressing);
      engine.thaw();
    });
    expect(ended).toMatchObject({ exitCode: 130, signal: null });
    expect(ended.stderr).toMatch(/cleaning up.*\n(?:.*\n)*.*at once, then: .*repro clean/);
    await cleanUp();
  });
});

const NOTHING = { containers: 0, networks: 0, volumes: 0, images: 0 };

function start(args: readonly string[]): Command {
  return startRepro([...args, ...(args[0] === "images" ? [] : ["--out", out])], engine.env);
}

/** With the command, as a person does it. */
async function cleanUp(): Promise<void> {
  const ended = await startRepro(["clean"], engine.env).ended;
  expect(ended, `it said: ${ended.stderr}`).toMatchObject({ exitCode: 0, stderr: "" });
  expect(await whatIsLeft()).toEqual(NOTHING);
}

/** Nobody else is here: everything counts, labelled or not. */
async function whatIsLeft() {
  const { docker } = engine;
  const [containers, networks, { Volumes: volumes }, images] = await Promise.all([
    docker.listContainers({ all: true }),
    docker.listNetworks({ filters: { type: ["custom"] } }),
    docker.listVolumes(),
    docker.listImages({ filters: { dangling: ["true"] } }),
  ]);
  return {
    containers: containers.length,
    networks: networks.length,
    // The list is null where there is not one.
    volumes: (volumes as typeof volumes | null)?.length ?? 0,
    images: images.length,
  };
}

async function removeImages(): Promise<void> {
  for (;;) {
    const [image] = await engine.docker.listImages();
    if (image === undefined) return;
    await engine.docker.getImage(image.Id).remove({ force: true });
  }
}
