import { finished } from "node:stream/promises";
import { describe, expect, it } from "vitest";
import { exitFromEvents } from "../../harness/engines/docker/stack/exec-exit.ts";
import type { Machine, MachineSpec, Stack } from "../../harness/engines/engine.ts";
import { aRunId, dockerOrSkip, fixtureEngine } from "./engine.ts";
import { linesOf } from "./lines.ts";

const KEY = "fixture-machine";
const NODE = "/usr/local/bin/node";
const WITH_DATA = { data: { path: "/data", identity: ["state/node-id"] } };

const found = await dockerOrSkip();
const ready = found && (await fixtureEngine(found, KEY));

describe.skipIf(ready === undefined)("a machine in Docker", () => {
  it("is created, then running, with its own name as host name", async () => {
    await using stack = await aStack({ name: "edge1" });
    const lines = linesOf(stack);
    const machine = stack.machine("edge1");
    expect(await machine.state()).toBe("created");
    await machine.start();
    expect(await lines.next("edge1", /^up/)).toBe("up edge1 wait");
    expect(await machine.state()).toBe("running");
  });

  it("runs a command to its end and tells what it printed and how it ended", async () => {
    const { stack, machine } = await aStartedMachine({ env: { GREETING: "hello" } });
    await using _ = stack;
    const script = "console.log(process.env.GREETING); console.error('oops'); process.exitCode = 4";
    expect(await machine.exec([NODE, "-e", script])).toEqual({
      exitCode: 4,
      stdout: "hello\n",
      stderr: "oops\n",
    });
  });

  it("gives a command its standard input, to the last byte", async () => {
    const { stack, machine } = await aStartedMachine();
    await using _ = stack;
    const stdin = "žluťoučký kůň\n".repeat(20_000);
    const result = await machine.exec([NODE, "-e", "process.stdin.pipe(process.stdout)"], { stdin });
    expect(result).toEqual({ exitCode: 0, stdout: stdin, stderr: "" });
  });

  it("says that there is no such program, by the exit code that shells use", async () => {
    const { stack, machine } = await aStartedMachine();
    await using _ = stack;
    expect(await machine.exec(["/no/such/program"])).toMatchObject({
      exitCode: expect.toBeOneOf([126, 127]),
    });
  });

  it("ends a command together with the machine", async () => {
    const { stack, machine } = await aStartedMachine();
    await using _ = stack;
    // Said in the log of the machine itself, by way of its first process.
    const hanging = machine.exec([
      NODE,
      "-e",
      "fs.writeFileSync('/proc/1/fd/1', 'hanging\\n'); setInterval(() => {}, 1e9)",
    ]);
    await linesOf(stack).next("m1", /^hanging$/);
    await machine.kill();
    expect(await hanging).toMatchObject({ exitCode: 137 });
  });

  it("learns how a command ended from the events of an engine that is late to say so", async () => {
    const { stack } = await aStartedMachine();
    await using _ = stack;
    const container = found!.docker.getContainer(`repro-${runs.get(stack)}-m1`);
    const { Id: containerId } = await container.inspect();
    const exec = await container.exec({ Cmd: [NODE, "-e", "process.exit(7)"], AttachStdout: true });
    await finished((await exec.start({ hijack: true })).resume(), { writable: false });
    const engine = { docker: found!.docker, clock: ready!.engine.clock };
    expect(await exitFromEvents(engine, { containerId, execId: exec.id, withinMs: 10_000 })).toBe(7);
    expect(await exitFromEvents(engine, { containerId, execId: "another", withinMs: 50 })).toBeUndefined();
  });

  it("takes a file under any path, started or not", async () => {
    await using stack = await aStack({});
    const machine = stack.machine("m1");
    await machine.putFile("/etc/expanso/edge/config.yaml", "name: ünï\n");
    await machine.start();
    await machine.putFile("/tmp/later", "later");
    const read = [
      NODE,
      "-p",
      "['/etc/expanso/edge/config.yaml', '/tmp/later'].map((f) => fs.readFileSync(f, 'utf8'))",
    ];
    expect((await machine.exec(read)).stdout).toBe("[ 'name: ünï\\n', 'later' ]\n");
  });

  it("is gone once killed, and comes back with the disk it had", async () => {
    const { stack, machine } = await aStartedMachine(WITH_DATA);
    await using _ = stack;
    await machine.putFile("/data/note", "kept");
    expect(await machine.kill()).toMatchObject({
      bit: true,
      seen: expect.stringMatching(/running, then gone$/),
    });
    expect(await machine.state()).toBe("absent");
    expect(await machine.recreate({ identity: "kept" })).toMatchObject({ bit: true });
    expect(await machine.state()).toBe("running");
    expect(await filesOf(machine)).toEqual(["note"]);
  });

  it("comes back on an empty disk as somebody new", async () => {
    const { stack, machine } = await aStartedMachine(WITH_DATA);
    await using _ = stack;
    await machine.putFile("/data/state/node-id", "n1");
    await machine.kill();
    expect(await machine.recreate({ identity: "new" })).toMatchObject({ bit: true });
    expect(await filesOf(machine)).toEqual([]);
    await machine.putFile("/data/note", "on the second disk");
    await machine.kill();
    expect(await machine.recreate({ identity: "kept" })).toMatchObject({ bit: true });
    expect(await filesOf(machine)).toEqual(["note"]);
    expect(await volumesOf(stack)).toHaveLength(1);
  });

  it("comes back on a wiped disk with nothing but who it is", async () => {
    const { stack, machine } = await aStartedMachine(WITH_DATA);
    await using _ = stack;
    await machine.putFile("/data/state/node-id", "n1");
    await machine.putFile("/data/note", "lost");
    await machine.kill();
    expect(await machine.recreate({ identity: "wiped" })).toEqual({
      bit: true,
      seen: expect.stringContaining("a wiped disk that kept state/node-id"),
    });
    expect(await filesOf(machine)).toEqual(["state", "state/node-id"]);
    expect(await volumesOf(stack)).toHaveLength(1);
  });

  it("does not claim to have kept an identity that was not there", async () => {
    const { stack, machine } = await aStartedMachine(WITH_DATA);
    await using _ = stack;
    await machine.kill();
    expect(await machine.recreate({ identity: "wiped" })).toEqual({
      bit: false,
      seen: expect.stringContaining("without state/node-id"),
    });
  });

  it("ends on SIGTERM, and is started again with the same disk and address", async () => {
    const { stack, lines, machine } = await aStartedMachine(WITH_DATA);
    await using _ = stack;
    const address = await addressOf(machine);
    expect(await machine.stop({ graceMs: 5_000 })).toMatchObject({
      bit: true,
      seen: expect.stringMatching(/^exited with 0/),
    });
    expect(lines.of("m1")).toEqual(["up m1 wait", "ending on SIGTERM"]);
    expect(await machine.state()).toBe("exited");
    await machine.start();
    expect(await machine.state()).toBe("running");
    expect(await addressOf(machine)).toBe(address);
  });

  it("is killed when it does not end in time", async () => {
    const { stack, lines, machine } = await aStartedMachine({ args: ["deaf"] });
    await using _ = stack;
    expect(await machine.stop({ graceMs: 200 })).toMatchObject({
      bit: true,
      seen: expect.stringMatching(/^exited with 137.*SIGTERM, then SIGKILL$/),
    });
    expect(lines.of("m1")).toEqual(["up m1 deaf", "ignored SIGTERM"]);
  });

  it.each([0, 5_000])("is restarted, given %i ms to end", async (graceMs) => {
    const { stack, lines, machine } = await aStartedMachine();
    await using _ = stack;
    expect(await machine.restart({ graceMs })).toMatchObject({ bit: true });
    expect(await machine.state()).toBe("running");
    await machine.kill();
    const ending = graceMs === 0 ? [] : ["ending on SIGTERM"];
    expect(lines.of("m1").slice(0, 1 + ending.length)).toEqual(["up m1 wait", ...ending]);
  });

  it("is paused, answers nothing, and goes on where it was", async () => {
    const { stack, lines, machine } = await aStartedMachine();
    await using _ = stack;
    expect(await machine.pause()).toEqual({ bit: true, seen: "the engine says: paused" });
    expect(await machine.state()).toBe("paused");
    await expect(machine.exec([NODE, "-e", ""])).rejects.toThrow(/paused/);
    expect(await machine.pause()).toMatchObject({ bit: false });
    expect(await machine.resume()).toMatchObject({ bit: true });
    expect(await machine.stop({ graceMs: 5_000 })).toMatchObject({ bit: true });
    expect(lines.of("m1")).toEqual(["up m1 wait", "ending on SIGTERM"]);
  });

  it.each(["kill", "stop"] as const)("can be ended while paused, by %s", async (verb) => {
    const { stack, machine } = await aStartedMachine();
    await using _ = stack;
    await machine.pause();
    expect(verb === "kill" ? await machine.kill() : await machine.stop({ graceMs: 200 })).toMatchObject({
      bit: true,
    });
  });

  it("keeps its address and its connections over a cut", async () => {
    await using stack = await aStack(
      { name: "server", args: ["echo"] },
      { name: "client", args: ["talk", "server"] },
    );
    const lines = linesOf(stack);
    const client = stack.machine("client");
    await stack.machine("server").start();
    await lines.next("server", /listening/);
    await client.start();
    await lines.next("client", /^3$/);
    const address = await addressOf(client);

    expect(await client.cut()).toMatchObject({ bit: true });
    expect(await client.cut()).toMatchObject({ bit: false });
    expect(await addressOf(client)).toBe("none");
    const heard = lines.of("client").length;
    expect(await client.heal()).toEqual({
      bit: true,
      seen: expect.stringContaining(`at ${address}, before the cut at ${address}`),
    });
    await lines.next("client", new RegExp(`^${heard + 10}$`));

    expect(await addressOf(client)).toBe(address);
    // One connection, nothing lost, nothing twice.
    const [, ...numbers] = lines.of("client");
    expect(numbers).toEqual(numbers.map((_, at) => String(at)));
  });

  it("will not heal a cut by the way", async () => {
    const { stack, machine } = await aStartedMachine();
    await using _ = stack;
    await machine.cut();
    await expect(machine.restart({ graceMs: 0 })).rejects.toThrow(
      "m1 is cut off: heal it before it is restarted",
    );
    expect(await machine.state()).toBe("running");
    await machine.kill();
    expect(await machine.recreate({ identity: "kept" })).toMatchObject({ bit: true });
    expect(await addressOf(machine)).not.toBe("none");
  });

  it("shows that it ended by itself, and no fault claims that", async () => {
    const { stack, lines, machine } = await aStartedMachine({ args: ["crash"] });
    await using _ = stack;
    await found!.docker.getContainer(`repro-${runs.get(stack)}-m1`).wait();
    expect(await machine.state()).toBe("exited");
    expect(lines.of("m1")).toEqual(["up m1 crash"]);
    expect(await machine.pause()).toMatchObject({ bit: false });
    expect(await machine.stop({ graceMs: 100 })).toEqual({
      bit: false,
      seen: "nothing to stop: exited with 3",
    });
    expect(await machine.kill()).toEqual({
      bit: false,
      seen: expect.stringContaining("exited with 3 by itself"),
    });
  });

  it("cannot be reached or hurt while it is gone", async () => {
    const { stack, machine } = await aStartedMachine();
    await using _ = stack;
    await machine.kill();
    for (const fault of [machine.kill(), machine.stop({ graceMs: 0 }), machine.pause(), machine.cut()]) {
      expect(await fault).toMatchObject({ bit: false });
    }
    await expect(machine.exec([NODE])).rejects.toThrow("reach m1: it was killed and not recreated");
    await expect(machine.start()).rejects.toThrow("m1 was killed: recreate it");
  });

  it("gave no reason to warn in any of this", () => {
    expect(ready!.warnings).toEqual([]);
  });
});

const runs = new WeakMap<Stack, string>();

async function aStack(...machines: Partial<MachineSpec>[]): Promise<Stack> {
  const runId = aRunId();
  const specs = machines.map((spec) => ({ name: "m1", image: KEY, args: [], env: {}, ...spec }));
  const stack = await ready!.engine.openStack({ runId, machines: specs });
  runs.set(stack, runId);
  return stack;
}

async function aStartedMachine(spec: Partial<MachineSpec> = {}) {
  const stack = await aStack(spec);
  const lines = linesOf(stack);
  const machine = stack.machine("m1");
  await machine.start();
  await lines.next("m1", /^up /);
  return { stack, lines, machine };
}

async function filesOf(machine: Machine): Promise<string[]> {
  const { stdout } = await machine.exec([NODE, "-p", "fs.readdirSync('/data', { recursive: true }).join()"]);
  return stdout
    .trim()
    .split(",")
    .filter((file) => file !== "")
    .toSorted();
}

async function addressOf(machine: Machine): Promise<string> {
  const script = "Object.values(os.networkInterfaces()).flat().find((i) => !i.internal)?.address ?? 'none'";
  return (await machine.exec([NODE, "-p", script])).stdout.trim();
}

async function volumesOf(stack: Stack): Promise<string[]> {
  const label = [`io.expanso.repro.run=${runs.get(stack)}`];
  const { Volumes: volumes } = await found!.docker.listVolumes({ filters: { label } });
  return volumes.map(({ Name: name }) => name);
}
