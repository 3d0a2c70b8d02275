import type { Machine, MachineSpec, Stack } from "../../harness/engines/engine.ts";
import type { DockerEngine } from "../../harness/engines/docker/docker-engine.ts";
import { aRunId } from "./engine.ts";
import { linesOf } from "./lines.ts";

export const NODE = "/usr/local/bin/node";

/** Stacks of machines that wait for what a test does to them; `m1` unless it has another name. */
export function stacksOf(engine: () => DockerEngine, image: string) {
  const runIds = new WeakMap<Stack, string>();

  async function aStack(...machines: Partial<MachineSpec>[]): Promise<Stack> {
    const runId = aRunId();
    const specs = machines.map((spec) => ({ name: "m1", image, args: [], env: {}, ...spec }));
    const stack = await engine().openStack({ runId, machines: specs });
    runIds.set(stack, runId);
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

  return { aStack, aStartedMachine, runIdOf: (stack: Stack) => runIds.get(stack)! };
}

/** What is below its data folder, folders too. */
export async function filesOf(machine: Machine): Promise<string[]> {
  const { stdout } = await machine.exec([NODE, "-p", "fs.readdirSync('/data', { recursive: true }).join()"]);
  return stdout
    .trim()
    .split(",")
    .filter((file) => file !== "")
    .toSorted();
}

/** As the machine itself sees it; `none` while it is cut off. */
export async function addressOf(machine: Machine): Promise<string> {
  const script = "Object.values(os.networkInterfaces()).flat().find((i) => !i.internal)?.address ?? 'none'";
  return (await machine.exec([NODE, "-p", script])).stdout.trim();
}
