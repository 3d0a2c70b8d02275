import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { removeLeftovers } from "../../harness/engines/docker/clean.ts";
import { findThings, removeThings } from "../../harness/engines/docker/stack/ours.ts";
import { startRepro, type Command, type Ended } from "../command.ts";
import { aRunId, dockerOrSkip, REPOSITORY } from "./engine.ts";

const found = await dockerOrSkip();
const NOTHING = { containers: 0, networks: 0, volumes: 0 };
const WHOLE = { containers: 4, networks: 1, volumes: 4 };
let names: string[] = [];
let commands: Command[] = [];

afterEach(async () => {
  // A test that fails in the middle leaves nothing either.
  for (const command of commands) command.signal("SIGKILL");
  await Promise.all(commands.map(({ ended }) => ended));
  for (const name of names) await removeThings(found!.docker, await findThings(found!.docker, "run", name));
  [names, commands] = [[], []];
});

// Each of these is many commands, one after the other: on a busy machine that takes its time.
describe.skipIf(found === undefined)("a stack by hand", { timeout: 600_000 }, () => {
  it("outlives its command, and shows the bug to one command after the other", async () => {
    const name = aName();
    const up = await done(0, "up", "--name", name);
    expect(up.stdout).toMatch(/ start +nats, orchestrator, edge1, edge2$/m);
    expect(up.stdout).toMatch(/ see +edge1, edge2 connected and ready +all ready$/m);
    expect(up.stdout).toContain(`  pnpm repro down --name ${name}`);
    expect(await countOf(name)).toEqual(WHOLE);
    // Its maker is gone, and still nobody takes it for a leftover.
    await removeLeftovers(found!.docker);
    expect(await countOf(name)).toEqual(WHOLE);
    expect((await done(0, "up", "--name", name)).stdout).toContain("it is up already, all of it");
    expect((await done(64, "up", "--name", name, "--edges", "3")).stderr).toContain(
      `is of another shape: edges 2, not 3. Remove it first (repro down --name ${name})`,
    );

    await done(0, "deploy", "test-job.yaml", "--name", name);
    expect((await done(1, "deploy", "test-job.yaml", "--name", name)).stderr).toMatch(
      /^expanso-cli: NO_CHANGES_DETECTED: job test-heartbeat .*; --force redeploys it\n$/,
    );
    const killed = await done(0, "kill", "edges", "--name", name);
    expect(killed.stdout).toMatch(/ proof +container [0-9a-f]+ running, then gone/);
    expect(killed.stdout).toContain("NATS: connection closed");
    const again = await done(2, "kill", "edge1", "--name", name);
    expect(again.stderr).toContain("repro: kill of edge1 did not bite: edge1 was not there");
    expect((await done(0, "deploy", "new-job.yaml", "--name", name)).stdout).toMatch(
      /^deployed: new-test-job, version 1 \(/m,
    );
    // Dead, and believed in.
    expect((await stackOf(name)).machines.filter((machine) => machine.name.startsWith("edge"))).toEqual(
      ["edge1", "edge2"].map((edge) => ({
        name: edge,
        state: "killed",
        address: null,
        container: null,
        nodes: [{ id: expect.any(String), connection: "connected", ready: true, current: true }],
      })),
    );
    const before = await nodeIds(name);
    const recreated = await done(0, "recreate", "edges", "--name", name);
    expect(recreated.stdout).toMatch(/ proof +container [0-9a-f]+ with the disk it had, running/);
    expect(recreated.stdout).toContain("HANDSHAKE: Node handshake completed");
    expect(await nodeIds(name)).toEqual(before);

    const logs = begin("logs", "orchestrator", "--follow", "--grep", "stuck-detected", "--name", name);
    await logs.prints(/^orchestrator +\* .*RECONCILER: STUCK EXECUTIONS DETECTED/);
    await logs.prints(/^ +└ stuck-detected: The scheduler sees an execution that should have started/);
    logs.signal("SIGINT");
    const ended = await logs.ended;
    expect(ended).toMatchObject({
      exitCode: 130,
      stderr: "repro: interrupted by SIGINT; the stack is left as it is\n",
    });
    expect(
      ended.stdout.split("\n").filter((line) => !/stuck-detected|STUCK EXECUTIONS|^$/.test(line)),
    ).toEqual([]);
    const { stdout } = await done(0, "cli", "--name", name, "execution", "list", "--format", "json");
    const executions = JSON.parse(stdout) as Execution[];
    const stuck = executions.filter(
      ({ status }) => status.observed_state.state_type.toLowerCase() === "pending",
    );
    expect(stuck.map(({ status }) => status.desired_state.state_type.toLowerCase())).toEqual([
      "running",
      "running",
    ]);

    expect((await done(0, "down", "--name", name)).stdout).toContain(`down: ${name} is removed`);
    expect(await countOf(name)).toEqual(NOTHING);
    expect((await done(64, "ps", "--name", name)).stderr).toContain(`there is no stack "${name}"`);
  });

  it("hands its CLI's words, input, outputs and exit code through", async () => {
    const name = aName();
    await done(0, "up", "--name", name, "--edges", "1");
    const refused = await done(1, "cli", "--name", name, "--", "job", "describe", "nothing");
    expect(refused).toMatchObject({ stdout: "", stderr: expect.stringContaining("nothing") });
    const job = readFileSync(join(REPOSITORY, "pipelines/test-job.yaml"), "utf8");
    expect(await withInput(job, "cli", "--name", name, "job", "deploy", "-")).toMatchObject({ exitCode: 0 });
    expect((await done(0, "cli", "--name", name, "job", "list")).stdout).toContain("test-heartbeat");
    expect(await withInput("name: x\n", "deploy", "-", "--name", name)).toMatchObject({
      exitCode: 64,
      stdout: "",
      stderr: expect.stringMatching(/^repro: standard input:\d+:\d+: /),
    });

    await done(0, "kill", "orchestrator", "--name", name);
    const nobody = await done(3, "deploy", "test-job.yaml", "--name", name);
    expect(nobody.stderr).toContain(`it is killed\n  mend: repro recreate --name ${name} orchestrator`);
    expect(await stackOf(name)).toMatchObject({ orchestratorAnswers: false });
  });

  it("says that an orchestrator without a broker does not answer, and what mends that", async () => {
    const name = aName();
    await done(0, "up", "--name", name, "--edges", "1");
    await done(0, "kill", "nats", "--name", name);
    await begin("kill", "orchestrator", "--name", name).ended;
    await done(0, "recreate", "orchestrator", "--name", name);
    const told =
      `repro: ask the orchestrator of the stack "${name}": it does not answer; nats is killed\n` +
      `  mend: repro up --name ${name}\n`;
    expect(await done(3, "deploy", "test-job.yaml", "--name", name)).toMatchObject({
      stdout: "",
      stderr: told,
    });
    const asked = await done(3, "cli", "--name", name, "node", "list");
    expect(asked.stderr).toMatch(/^expanso-cli: no answer from /);
    expect(asked.stderr.endsWith(told)).toBe(true);
    // That one is up does not mean that it serves, which it does once there is a broker.
    await done(0, "up", "--name", name);
    await done(0, "deploy", "test-job.yaml", "--name", name);
  });

  it("cuts and heals across commands, and is made whole by another `up`", async () => {
    const name = aName();
    await done(0, "up", "--name", name);
    const { address } = await machineOf(name, "edge1");
    expect((await done(0, "cut", "edge1", "--name", name)).stdout).toMatch(/ proof +no endpoint on repro-/);
    expect(await machineOf(name, "edge1")).toMatchObject({ state: "running, cut off", address: null });
    const cutAgain = await done(2, "cut", "edge1", "--name", name);
    expect(cutAgain.stderr).toContain("it was cut off already");
    expect(cutAgain.stdout).not.toContain("it was cut off already");
    const healed = await done(0, "heal", "edge1", "--name", name);
    expect(healed.stdout).toContain(`at ${address}, before the cut at ${address}`);
    expect(await machineOf(name, "edge1")).toMatchObject({ state: "running", address });

    for (const [verb, seen] of [
      ["restart", "started again, process"],
      ["pause", "the engine says: paused"],
      ["resume", "the engine says: running"],
    ] as const)
      expect((await done(0, verb, "edge1", "--name", name)).stdout).toContain(seen);

    // Everything at once, and then all of it undone.
    const wasId = await nodeIds(name);
    await done(0, "cut", "edge1", "--name", name);
    await done(0, "kill", "edge2", "orchestrator", "--name", name);
    await done(0, "pause", "nats", "--name", name);
    const whole = await done(0, "up", "--name", name);
    for (const deed of ["recreate +orchestrator, edge2", "heal +edge1", "resume +nats"])
      expect(whole.stdout).toMatch(new RegExp(` ${deed}$`, "m"));
    expect(whole.stdout).toContain(
      "up: whole again, thawed nats; recreated orchestrator, edge2; healed edge1\n",
    );
    expect(whole.stdout).not.toContain("repro deploy");
    expect(await stackOf(name)).toMatchObject({
      orchestratorAnswers: true,
      machines: ["nats", "orchestrator", "edge1", "edge2"].map((machine) => ({
        name: machine,
        state: "running",
      })),
    });
    expect(await machineOf(name, "edge1")).toMatchObject({ address });
    expect(await nodeIds(name)).toEqual(wasId);

    await done(0, "kill", "edge2", "--name", name);
    await done(0, "recreate", "edge2", "--identity", "new", "--name", name);
    expect((await machineOf(name, "edge2")).nodes).toHaveLength(2);
    await done(0, "kill", "edge2", "--name", name);
    await done(0, "recreate", "edge2", "--identity", "wiped", "--name", name);
    expect((await machineOf(name, "edge2")).nodes).toHaveLength(2);
    await done(0, "down", "--name", name);
    expect(await countOf(name)).toEqual(NOTHING);
  });

  it("is followed over a kill and a recreation, until it is removed", async () => {
    const name = aName();
    await done(0, "up", "--name", name, "--edges", "1");
    const follow = begin("logs", "edge1", "--follow", "--name", name);
    await follow.prints(/^edge1 /);
    const grep = begin("logs", "--follow", "--grep", "EDGE: Received Run", "--name", name);
    await done(0, "kill", "edge1", "--name", name);
    await done(0, "recreate", "edge1", "--name", name);
    await done(0, "deploy", "test-job.yaml", "--name", name);
    // Printed by a container that came into being after both had begun.
    await grep.prints(/^edge1 +\* .*EDGE: Received RunExecutionRequest/);
    await follow.prints(/^edge1 +\* .*EDGE: Received RunExecutionRequest/);
    await done(0, "down", "--name", name);
    for (const { ended } of [follow, grep]) {
      // To its last line, and no further than the stack.
      expect(await ended).toMatchObject({
        exitCode: 0,
        stderr: `repro: the stack "${name}" is removed: there is nothing more to follow\n`,
      });
    }
    expect((await grep.ended).stdout).not.toMatch(/^(?!edge1| +└)./m);
  });

  it("is made by one of two who want it at once, beside one of another name", async () => {
    const [name, other] = [aName(), aName()];
    const racing = [begin("up", "--name", name), begin("up", "--name", name), begin("up", "--name", other)];
    const [one, two, beside] = await Promise.all(racing.map(({ ended }) => ended));
    expect(beside).toMatchObject({ exitCode: 0 });
    const [winner, loser] = one!.exitCode === 0 ? [one!, two!] : [two!, one!];
    expect(winner).toMatchObject({ exitCode: 0 });
    if (loser.exitCode === 0) expect(loser.stdout).toContain("it is up already");
    else {
      expect(loser.exitCode).toBe(64);
      expect(loser.stderr).toMatch(/is being brought up by somebody else|is still at work on the stack/);
    }
    expect([await countOf(name), await countOf(other)]).toEqual([WHOLE, WHOLE]);
    const { stdout } = await done(0, "ps", "--format", "json");
    const listed = (JSON.parse(stdout) as Stack[]).map((stack) => stack.name);
    expect(listed).toEqual(expect.arrayContaining([name, other]));
    await done(0, "down", "--name", name);
    expect([await countOf(name), await countOf(other)]).toEqual([NOTHING, WHOLE]);
  });

  it("is removed again when it is interrupted while it comes up", async () => {
    const name = aName();
    const up = begin("up", "--name", name);
    await up.prints(/ start +nats/);
    up.signal("SIGINT");
    expect(await up.ended).toMatchObject({
      exitCode: 130,
      stderr: expect.stringContaining("interrupted by SIGINT; everything that was started is removed"),
    });
    expect(await countOf(name)).toEqual(NOTHING);
  });

  it("is completed by the next `up` when its maker was killed while it came up", async () => {
    const name = aName();
    const up = begin("up", "--name", name);
    await up.prints(/ start +nats/);
    const tooEarly = await done(64, "kill", "edge1", "--name", name);
    expect(tooEarly.stderr).toContain(`process ${up.pid} is still at work on the stack "${name}"`);
    up.signal("SIGKILL");
    await up.ended;
    await done(0, "up", "--name", name);
    expect(await countOf(name)).toEqual(WHOLE);
    expect(await stackOf(name)).toMatchObject({ orchestratorAnswers: true });
  });

  it("suggests what may have been meant", async () => {
    const name = aName();
    await done(0, "up", "--name", name, "--edges", "1");
    expect((await done(64, "ps", "--name", `${name}x`)).stderr).toContain(`did you mean "${name}"?`);
    expect((await done(64, "kill", "egde1", "--name", name)).stderr).toContain('did you mean "edge1"?');
    expect(await done(64, "recreate", "edge1", "--name", name)).toMatchObject({
      stdout: "",
      stderr: `repro: edge1 is still there; before a recreation: repro kill --name ${name} edge1\n`,
    });
    expect((await done(64, "recreate", "nats", "--identity", "new", "--name", name)).stderr).toContain(
      "--identity new: only edges have one, nats has not",
    );
    const nothing = await done(0, "logs", "--grep", "stuck-detectd", "--name", name);
    expect(nothing.stderr).toContain('taken for a regular expression (did you mean "stuck-detected"?)');
    expect(nothing.stderr).toMatch(/no line matches$/m);
  });
});

interface Machine {
  readonly name: string;
  readonly state: string;
  readonly address: string | null;
  readonly nodes: readonly { readonly id: string }[];
}

interface Stack {
  readonly name: string;
  readonly machines: readonly Machine[];
}

interface Execution {
  readonly status: Readonly<Record<"desired_state" | "observed_state", { readonly state_type: string }>>;
}

/** A name that no other test process uses; whatever has it is removed after the test. */
function aName(): string {
  const name = aRunId();
  names.push(name);
  return name;
}

function begin(...args: readonly string[]): Command {
  const command = startRepro(args);
  commands.push(command);
  return command;
}

/** A command, to its end, which has to be this one. */
async function done(exitCode: number, ...args: readonly string[]): Promise<Ended> {
  const ended = await begin(...args).ended;
  expect(ended.exitCode, `${args.join(" ")} said: ${ended.stdout}${ended.stderr}`).toBe(exitCode);
  return ended;
}

async function withInput(input: string, ...args: readonly string[]) {
  const env = { ...process.env, NO_COLOR: "1" };
  const child = spawn(process.execPath, ["repro.ts", ...args], { cwd: REPOSITORY, env });
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const)
    child[stream].setEncoding("utf8").on("data", (text: string) => (said[stream] += text));
  child.stdin.end(input);
  const [exitCode] = (await once(child, "close")) as [number | null];
  return { exitCode, ...said };
}

async function stackOf(name: string): Promise<Stack> {
  const { stdout } = await done(0, "ps", "--name", name, "--format", "json");
  return (JSON.parse(stdout) as Stack[])[0]!;
}

async function machineOf(name: string, machine: string): Promise<Machine> {
  return (await stackOf(name)).machines.find((one) => one.name === machine)!;
}

async function nodeIds(name: string): Promise<readonly string[]> {
  return (await stackOf(name)).machines.flatMap(({ nodes }) => nodes.map(({ id }) => id));
}

async function countOf(name: string) {
  const { containers, networks, volumes } = await findThings(found!.docker, "run", name);
  return { containers: containers.length, networks: networks.length, volumes: volumes.length };
}
