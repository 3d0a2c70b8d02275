import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDockerEngine, type DockerEngineOptions } from "../../harness/engines/docker/docker-engine.ts";
import type { ImageSource } from "../../harness/engines/engine.ts";
import { aRunId, dockerOrSkip, fixtureEngine, removeImages, REPOSITORY } from "./engine.ts";
import { linesOf } from "./lines.ts";

const NODE = "/usr/local/bin/node";
const KEY = "fixture-images-machine";
const PROGRAM: ImageSource = {
  key: "fixture-images",
  tag: "repro-fixture-images:test",
  dockerfile: "Dockerfile",
  base: "node",
  bundles: { "program.mjs": "program.ts" },
  files: {},
};
const NATS: ImageSource = {
  key: "fixture-images-nats",
  tag: "repro-fixture-images-nats:test",
  dockerfile: "docker/nats.Dockerfile",
  base: "nats",
  bundles: {},
  files: { "nats.conf": "docker/nats.conf", "auth.conf": "docker/auth.conf" },
};

const found = await dockerOrSkip();
const ready = found && (await fixtureEngine(found, KEY));
const folders: string[] = [];

// Before, too: what a killed test run has left would not be built again.
beforeAll(removeOwnImages);
afterAll(async () => {
  await Promise.all(folders.map(async (folder) => await rm(folder, { recursive: true })));
  await removeOwnImages();
});

describe.skipIf(ready === undefined)("images", () => {
  it("are built once, and not again while nothing changed", async () => {
    const repository = await aRepository("console.log('one')");
    expect(await prepare(repository, PROGRAM)).toContainEqual(
      expect.stringMatching(/^building repro-fixture-images:test on /),
    );
    const id = await idOf(PROGRAM.tag);
    expect(await prepare(repository, PROGRAM)).toEqual([]);
    // From another folder too: what counts is what goes into them.
    expect(await prepare(await aRepository("console.log('one')"), PROGRAM)).toEqual([]);
    expect(await idOf(PROGRAM.tag)).toBe(id);
  });

  it("are built anew when a source changed, and the tag moves along", async () => {
    const repository = await aRepository("console.log('one')");
    await prepare(repository, PROGRAM);
    const id = await idOf(PROGRAM.tag);
    await writeFile(join(repository, "program.ts"), "console.log('two')");
    expect(await prepare(repository, PROGRAM)).toEqual([expect.stringMatching(/^building /)]);
    expect(await idOf(PROGRAM.tag)).not.toBe(id);
    // The other one is still there: another harness may be about to start it.
    expect(await idOf(id)).toBe(id);
  });

  it("that were replaced go when nobody used them for long enough", async () => {
    const repository = await aRepository("console.log('old')");
    await prepare(repository, PROGRAM);
    const old = await idOf(PROGRAM.tag);
    await writeFile(join(repository, "program.ts"), "console.log('new')");
    await prepare(repository, PROGRAM, { keepReplacedMs: 0 });
    await expect(idOf(old)).rejects.toThrow(/No such image/i);
  });

  it("come out right when two harnesses build at once", async () => {
    const sources = ["console.log('left')", "console.log('right')", "console.log('right')"];
    const stacks = await Promise.all(sources.map(async (source) => await run(await aRepository(source))));
    expect(stacks).toEqual(["left", "right", "right"]);
  });

  it("run TypeScript and what it imports as one executable file, without a shell or /usr/bin/env", async () => {
    const repository = await aRepository(
      `#!/usr/bin/env node\nimport { parse } from "yaml";\nconsole.log(parse("a: [1, 2]").a.length as number);`,
    );
    expect(await run(repository)).toBe("2");
  });

  it("have a /tmp and resolve the names of other machines", async () => {
    const repository = await aRepository(
      `import { statSync } from "node:fs"; import { lookup } from "node:dns/promises";
       console.log(statSync("/tmp").isDirectory(), (await lookup("m1")).family);`,
    );
    expect(await run(repository)).toBe("true 4");
  });

  it("of the broker show every message, with microseconds", async () => {
    const { engine } = ready!;
    await engine.prepare([NATS], () => {});
    const machines = [
      { name: "nats", image: NATS.key, args: [], env: {} },
      { name: "client", image: KEY, args: [], env: {} },
    ];
    await using stack = await engine.openStack({ runId: aRunId(), machines });
    const lines = linesOf(stack);
    await stack.machine("nats").start();
    await stack.machine("client").start();
    await lines.next("nats", /Server is ready/);
    const publish = `const socket = net.connect(4222, "nats");
      socket.write("CONNECT {}\\r\\nPUB lost.message 5\\r\\nhello\\r\\nPING\\r\\n");
      socket.on("data", (data) => String(data).includes("PONG") && socket.end());`;
    expect(await stack.machine("client").exec([NODE, "-e", publish])).toMatchObject({
      exitCode: 0,
      stderr: "",
    });
    expect(await lines.next("nats", /PUB lost/)).toMatch(
      /^\[1\] \d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d\.\d{6} \[TRC\] .* <<- \[PUB lost\.message 5\]$/,
    );
    const monitor = `fetch("http://nats:8222/varz").then((r) => r.json()).then((v) => console.log(v.in_msgs))`;
    expect((await stack.machine("client").exec([NODE, "-e", monitor])).stdout).toBe("1\n");
    expect(await stack.machine("nats").stop({ graceMs: 5_000 })).toMatchObject({
      bit: true,
      seen: expect.stringMatching(/SIGTERM$/),
    });
  });

  it.each([
    ["a type error", { program: "const = 1" }, /^bundle program.ts for the images: program.ts:1: /],
    [
      "a Dockerfile that fails",
      { dockerfile: "ARG BASE\nFROM ${BASE}\nCOPY nothing /\n" },
      /^build repro-fixture-images:test: .*nothing/,
    ],
  ])(
    "that cannot be built say why: %s",
    async (_, change: { program?: string; dockerfile?: string }, message) => {
      const repository = await aRepository(change.program ?? "console.log(1)", change.dockerfile);
      await expect(prepare(repository, PROGRAM)).rejects.toThrow(message);
    },
  );

  it("say which file is not there", async () => {
    const repository = await aRepository("console.log(1)");
    await expect(prepare(repository, { ...PROGRAM, dockerfile: "nope.Dockerfile" })).rejects.toThrow(
      /^read nope.Dockerfile for the image repro-fixture-images:test: ENOENT/,
    );
  });

  it("are based on what the user names", async () => {
    const repository = await aRepository("console.log('named')");
    await prepare(repository, PROGRAM);
    const env = { REPRO_NODE_BASE: PROGRAM.tag };
    const told = await prepare(
      repository,
      { ...PROGRAM, key: "fixture-images-2", tag: "repro-fixture-images-2:test" },
      { env },
    );
    expect(told).toEqual(["building repro-fixture-images-2:test on repro-fixture-images:test"]);
  });

  it("are not based on anything else when what the user names is nowhere", async () => {
    // A registry on this machine that nobody runs.
    const env = { REPRO_NODE_BASE: "127.0.0.1:1/nowhere:1" };
    const preparing = prepare(await aRepository("console.log(1)"), PROGRAM, { env });
    await expect(preparing).rejects.toThrow(
      /^the image that REPRO_NODE_BASE names, 127.0.0.1:1\/nowhere:1: .*refused/,
    );
    await expect(preparing).rejects.toMatchObject({ mend: expect.stringContaining("unset REPRO_NODE_BASE") });
  });
});

async function removeOwnImages(): Promise<void> {
  if (found !== undefined) await removeImages(found, ["fixture-images-2", PROGRAM.key, NATS.key]);
}

const DOCKERFILE = `ARG BASE\nFROM \${BASE}\nCOPY program.mjs /program\nENTRYPOINT ["/program"]\n`;

/** A repository with one program, and this one's packages. */
async function aRepository(program: string, dockerfile = DOCKERFILE): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "repro-images-"));
  folders.push(folder);
  await Promise.all([
    writeFile(join(folder, "program.ts"), program),
    writeFile(join(folder, "Dockerfile"), dockerfile),
    symlink(join(REPOSITORY, "node_modules"), join(folder, "node_modules")),
  ]);
  return folder;
}

/** What was told of the work; nothing when there was none. */
async function prepare(repository: string, source: ImageSource, options: Partial<DockerEngineOptions> = {}) {
  const engine = await createDockerEngine({ ...found!, ...options, repository });
  const told: string[] = [];
  await engine.prepare([source], (progress) => told.push(progress));
  return told;
}

/** What the program of that repository prints. */
async function run(repository: string): Promise<string> {
  const engine = await createDockerEngine({ ...found!, repository });
  await engine.prepare([PROGRAM], () => {});
  const machines = [{ name: "m1", image: PROGRAM.key, args: [], env: {} }];
  await using stack = await engine.openStack({ runId: aRunId(), machines });
  const lines = linesOf(stack);
  await stack.machine("m1").start();
  return await lines.next("m1", /./);
}

async function idOf(name: string): Promise<string> {
  return (await found!.docker.getImage(name).inspect()).Id;
}
