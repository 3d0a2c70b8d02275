import type Docker from "dockerode";
import { EnvironmentError, UsageError } from "../../errors.ts";
import type { HarnessClock } from "../../time/clock.ts";
import type { MachineLine, MachineSpec, Stack, StackSpec } from "../engine.ts";
import { engineMessage, wanting } from "./api-errors.ts";
import { KEPT, runLabels, type RunLabels } from "./labels.ts";
import { createGate } from "./stack/gate.ts";
import { createMachine, type DockerMachine } from "./stack/machine.ts";
import { createNetwork } from "./stack/network.ts";
import type { MachineHost } from "./stack/record.ts";
import { findThings, removeThings } from "./stack/ours.ts";
import { watchEngine } from "./stack/watch.ts";

export interface StackPorts {
  readonly docker: Docker;
  readonly clock: HarnessClock;
  readonly owner: string;
  imageId(key: string): string;
  warn(text: string): void;
}

/** A network of its own and the containers on it, none of them started. What was made is removed if any of it fails. */
export async function openStack(ports: StackPorts, spec: StackSpec): Promise<Stack> {
  const { docker } = ports;
  const run: RunLabels = { runId: spec.runId, owner: spec.keep === true ? KEPT : ports.owner };
  const name = `repro-${spec.runId}`;
  const gate = createGate(`the stack ${name}`);
  const names = new Set<string>();
  const machines = new Map<string, DockerMachine>();
  const listeners: ((line: MachineLine) => void)[] = [];

  const watch = watchEngine(ports, `keep run ${spec.runId} going`, () =>
    [...machines.values()].every((machine) => machine.isHeard()),
  );
  let disposing: Promise<void> | undefined;
  const dispose = () => {
    watch.stop();
    return (disposing ??= gate.close().then(() => removeRun(ports, spec.runId, [...machines.values()])));
  };

  // Outside of what is cleaned up after: if this fails because a run of that id is up already, that one is to stay.
  const network = await createNetwork(docker, { name, labels: runLabels(run) }).catch((error: unknown) => {
    watch.stop();
    throw error;
  });
  try {
    let addresses = 0;
    const host: MachineHost = {
      ...ports,
      run,
      network,
      gate,
      nextAddress() {
        const address = network.subnet.address(addresses++);
        if (address === undefined)
          throw new UsageError(`no room for another machine on ${network.subnet.cidr}`);
        return address;
      },
      tellLine(line) {
        for (const listener of listeners) listener(line);
      },
    };
    const add = async (machineSpec: MachineSpec) => {
      if (names.has(machineSpec.name)) throw new UsageError(`two machines are called ${machineSpec.name}`);
      names.add(machineSpec.name);
      const machine = await createMachine(host, machineSpec);
      machines.set(machineSpec.name, machine);
      return machine;
    };
    const inOrder = await Promise.all(spec.machines.map(add));
    return {
      machine(wanted) {
        const found = machines.get(wanted);
        if (found === undefined)
          throw new UsageError(`no machine ${wanted}: there are ${[...machines.keys()].join(", ")}`);
        return found;
      },
      machines: () => inOrder,
      async add(machineSpec) {
        const machine = await add(machineSpec);
        inOrder.push(machine);
        return machine;
      },
      onLine: (listener) => void listeners.push(listener),
      keep: () => markAsKept(docker, run),
      failed: watch.gone,
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose().catch((failure: unknown) => ports.warn(engineMessage(failure)));
    throw error;
  }
}

/** Labels cannot be changed afterwards: something more of the same run says that it is kept. */
async function markAsKept(docker: Docker, { runId }: RunLabels): Promise<void> {
  const Labels = runLabels({ runId, owner: KEPT });
  await wanting("keep the stack", docker.createVolume({ Name: `repro-${runId}-kept`, Labels }));
}

async function removeRun(
  ports: StackPorts,
  runId: string,
  machines: readonly DockerMachine[],
): Promise<void> {
  const things = await findThings(ports.docker, "run", runId);
  const { left, stuck } = await removeThings(ports.docker, things);
  await Promise.all(machines.map((machine) => machine.lastLine()));
  for (const thing of stuck) ports.warn(`could not remove ${thing}; then: repro clean`);
  if (left.length > 0) {
    throw new EnvironmentError({
      wanted: `remove run ${runId}`,
      seen: `left behind: ${left.join("; ")}`,
      mend: "repro clean",
    });
  }
}
