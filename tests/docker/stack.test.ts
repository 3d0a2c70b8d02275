import { describe, expect, it } from "vitest";
import { EnvironmentError } from "../../harness/errors.ts";
import type { MachineSpec } from "../../harness/engines/engine.ts";
import { findThings } from "../../harness/engines/docker/stack/ours.ts";
import { aRunId, dockerOrSkip, fixtureEngine } from "./engine.ts";
import { linesOf } from "./lines.ts";

const KEY = "fixture-stack";
const found = await dockerOrSkip();
const ready = found && (await fixtureEngine(found, KEY));

describe.skipIf(ready === undefined)("a stack in Docker", () => {
  it("leaves nothing behind, whatever its machines are doing", async () => {
    const runId = aRunId();
    const names = ["created", "running", "paused", "cut", "exited", "killed", "reborn"];
    const stack = await openStack(runId, names.map(withData));
    const start = async (name: string) => await stack.machine(name).start();
    await Promise.all(names.slice(1).map(start));
    await Promise.all([
      stack.machine("paused").pause(),
      stack.machine("cut").cut(),
      stack.machine("exited").stop({ graceMs: 0 }),
      stack.machine("killed").kill(),
      stack.machine("reborn").kill(),
    ]);
    await stack.machine("reborn").recreate({ identity: "new" });
    expect(await countOf(runId)).toEqual({ containers: 6, networks: 1, volumes: 7 });

    await stack[Symbol.asyncDispose]();
    expect(await countOf(runId)).toEqual(NOTHING);
    // Again is no harm, and nothing can come after it.
    await stack[Symbol.asyncDispose]();
    await expect(stack.add(aMachine("late"))).rejects.toThrow("is being removed");
    await expect(stack.machine("killed").recreate({ identity: "kept" })).rejects.toThrow("is being removed");
    expect(await countOf(runId)).toEqual(NOTHING);
  });

  it("leaves nothing behind when it is removed while machines come into being", async () => {
    const runId = aRunId();
    const stack = await openStack(runId, [withData("m1")]);
    const adding = ["m2", "m3", "m4"].map((name) => stack.add(withData(name)));
    const starting = stack.machine("m1").start();
    await stack[Symbol.asyncDispose]();
    await Promise.allSettled([...adding, starting]);
    expect(await countOf(runId)).toEqual(NOTHING);
  });

  it("leaves nothing behind when it cannot be opened", async () => {
    const runId = aRunId();
    const broken = { ...withData("m2"), data: { path: "not-absolute", identity: [] } };
    const opening = openStack(runId, [withData("m1"), broken, withData("m3")]);
    await expect(opening).rejects.toBeInstanceOf(EnvironmentError);
    await expect(opening).rejects.toThrow(/^create m2: .*not-absolute/);
    expect(await countOf(runId)).toEqual(NOTHING);
  });

  it("leaves a run alone that has the same id", async () => {
    const runId = aRunId();
    await using stack = await openStack(runId, [aMachine("m1")]);
    await expect(openStack(runId, [aMachine("m1")])).rejects.toThrow(/^create network .*already exists/);
    expect(await stack.machine("m1").state()).toBe("created");
  });

  it("finds its machines by name, one added later too", async () => {
    await using stack = await openStack(aRunId(), [aMachine("server", "echo")]);
    const lines = linesOf(stack);
    await stack.machine("server").start();
    await lines.next("server", /listening/);
    const client = await stack.add(aMachine("client", "talk", "server"));
    await client.start();
    await lines.next("client", /^2$/);
    expect(stack.machines().map(({ name }) => name)).toEqual(["server", "client"]);
    expect(() => stack.machine("nobody")).toThrow("no machine nobody: there are server, client");
    await expect(stack.add(aMachine("client"))).rejects.toThrow("two machines are called client");
  });

  it("runs beside another one with machines of the same names, and hears nothing of it", async () => {
    const open = async () =>
      await openStack(aRunId(), [aMachine("server", "echo"), aMachine("client", "talk", "server")]);
    const [one, other] = await Promise.all([open(), open()]);
    await using _one = one;
    await using _other = other;
    const lines = [one, other].map(linesOf);
    const start = async (name: string) =>
      await Promise.all([one, other].map((stack) => stack.machine(name).start()));
    await start("server");
    await Promise.all(lines.map((of) => of.next("server", /listening/)));
    await start("client");
    await Promise.all(lines.map((of) => of.next("client", /^1$/)));
    await one.machine("server").kill();
    await lines[0]!.next("client", /closed/);
    await lines[1]!.next("client", /^9$/);
    expect(lines[1]!.of("client")).not.toContain("closed");
  });

  it("is not opened for an image that nobody prepared", async () => {
    await expect(openStack(aRunId(), [{ ...aMachine("m1"), image: "unknown" }])).rejects.toThrow(
      "no image unknown",
    );
  });

  it("holds fifty machines", async () => {
    const runId = aRunId();
    const names = Array.from({ length: 50 }, (_, at) => `m${at}`);
    const stack = await openStack(
      runId,
      names.map((name) => aMachine(name)),
    );
    expect((await findThings(found!.docker, "run", runId)).containers).toHaveLength(50);
    await stack[Symbol.asyncDispose]();
    expect(await countOf(runId)).toEqual(NOTHING);
  });

  it("starts a machine whose address the engine will not give back, under another one, and warns", async () => {
    const runId = aRunId();
    await using stack = await openStack(runId, [aMachine("m1")]);
    // Stands for the endpoint that Docker 20.10 now and then keeps of a container that is gone.
    const { docker } = found!;
    const mine = await docker.getContainer(`repro-${runId}-m1`).inspect();
    const squatter = await docker.createContainer({
      Image: mine.Image,
      Labels: mine.Config.Labels,
      HostConfig: { NetworkMode: `repro-${runId}` },
      NetworkingConfig: {
        EndpointsConfig: {
          [`repro-${runId}`]: { IPAMConfig: mine.NetworkSettings.Networks[`repro-${runId}`]?.IPAMConfig },
        },
      },
    });
    await squatter.start();

    await stack.machine("m1").start();
    expect(await stack.machine("m1").state()).toBe("running");
    expect(ready!.warnings.splice(0)).toEqual([
      expect.stringMatching(
        /^m1: the engine still holds its address 10\.201\.[\d.]+, it has 10\.201\.[\d.]+ now$/,
      ),
    ]);
    // And the new one is what it keeps.
    await stack.machine("m1").cut();
    expect(await stack.machine("m1").heal()).toMatchObject({ bit: true });
  });

  it("gave no other reason to warn in any of this", () => {
    expect(ready!.warnings).toEqual([]);
  });
});

const NOTHING = { containers: 0, networks: 0, volumes: 0 };

function aMachine(name: string, ...args: string[]): MachineSpec {
  return { name, image: KEY, args, env: {} };
}

function withData(name: string): MachineSpec {
  return { ...aMachine(name), data: { path: "/data", identity: [] } };
}

async function openStack(runId: string, machines: MachineSpec[]) {
  return await ready!.engine.openStack({ runId, machines });
}

async function countOf(runId: string) {
  const { containers, networks, volumes } = await findThings(found!.docker, "run", runId);
  return { containers: containers.length, networks: networks.length, volumes: volumes.length };
}
