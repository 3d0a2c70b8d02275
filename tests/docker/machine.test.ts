import { describe, expect, it } from "vitest";
import type { Stack } from "../../harness/engines/engine.ts";
import { addressOf, filesOf, NODE, stacksOf } from "./a-machine.ts";
import { dockerOrSkip, fixtureEngine } from "./engine.ts";
import { linesOf } from "./lines.ts";

const KEY = "fixture-machine";
const WITH_DATA = { data: { path: "/data", identity: ["state/node-id"] } };

const found = await dockerOrSkip();
const ready = found && (await fixtureEngine(found, KEY));
const { aStack, aStartedMachine, runIdOf } = stacksOf(() => ready!.engine, KEY);

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
    expect(await machine.resume()).toEqual({ bit: false, seen: "it was not paused: running" });
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
    await found!.docker.getContainer(`repro-${runIdOf(stack)}-m1`).wait();
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

async function volumesOf(stack: Stack): Promise<string[]> {
  const label = [`io.expanso.repro.run=${runIdOf(stack)}`];
  const { Volumes: volumes } = await found!.docker.listVolumes({ filters: { label } });
  return volumes.map(({ Name: name }) => name);
}
