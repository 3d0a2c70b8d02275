import { finished } from "node:stream/promises";
import { describe, expect, it } from "vitest";
import { exitFromEvents } from "../../harness/engines/docker/stack/exec-exit.ts";
import { NODE, stacksOf } from "./a-machine.ts";
import { dockerOrSkip, fixtureEngine } from "./engine.ts";
import { linesOf } from "./lines.ts";

const KEY = "fixture-exec";
const found = await dockerOrSkip();
const ready = found && (await fixtureEngine(found, KEY));
const { aStack, aStartedMachine, runIdOf } = stacksOf(() => ready!.engine, KEY);

describe.skipIf(ready === undefined)("reaching into a machine in Docker", () => {
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
    const container = found!.docker.getContainer(`repro-${runIdOf(stack)}-m1`);
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
});
