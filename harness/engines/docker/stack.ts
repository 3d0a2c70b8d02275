import type Docker from "dockerode";
import { EnvironmentError, UsageError } from "../../errors.ts";
import type { HarnessClock } from "../../time/clock.ts";
import type { MachineLine, MachineSpec, Stack, StackSpec } from "../engine.ts";
import { engineMessage, RESTART, SILENT, wanting } from "./api-errors.ts";
import { KEPT, LABELS, runLabels, type RunLabels } from "./labels.ts";
import { claimName } from "./stack/claim.ts";
import { createGate } from "./stack/gate.ts";
import { createMachine, type DockerMachine } from "./stack/machine.ts";
import { createNetwork, type StackNetwork } from "./stack/network.ts";
import type { MachineHost } from "./stack/record.ts";
import { refuseTakenNames } from "./stack/taken-names.ts";
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
  const run: RunLabels = { runId: spec.runId, owner: spec.keep === true ? KEPT : ports.owner };
  // The id of a run is its own, the name of a stack that is kept may be asked for by two at once.
  await using _claim =
    spec.keep === true
      ? await claimName(
          ports.docker,
          { name: networkName(spec.runId), stack: spec.runId },
          runLabels({ runId: spec.runId, owner: ports.owner }),
        )
      : undefined;
  if (spec.keep === true) {
    const machines = spec.machines.map(({ name }) => name);
    await refuseTakenNames(ports.docker, networkName(spec.runId), machines);
  }
  // Meanwhile: a process of its own makes them.
  const secrets = spec.secrets?.();
  secrets?.catch(() => {});
  // Outside of what is cleaned up after: if this fails because a run of that id is up already, that one is to stay.
  const network = await createNetwork(ports.docker, {
    name: networkName(spec.runId),
    labels: { ...runLabels(run), ...stackLabels(ports, spec) },
  });
  const { stack, dispose } = assembleStack(ports, { run, network, secrets, firstAddress: 0 });
  try {
    await Promise.all(spec.machines.map((machine) => stack.add(machine)));
    return stack;
  } catch (error) {
    await dispose().catch((failure: unknown) => ports.warn(engineMessage(failure)));
    throw error;
  }
}

export function networkName(runId: string): string {
  return `repro-${runId}`;
}

/** What whoever goes on with it has to know; labels cannot be changed afterwards. */
function stackLabels(ports: StackPorts, { machines, memo }: StackSpec): Record<string, string> {
  const images = machines.map(({ image }) => [image, ports.imageId(image)] as const);
  return {
    [LABELS.maker]: ports.owner,
    [LABELS.images]: JSON.stringify(Object.fromEntries(images)),
    ...(memo === undefined ? {} : { [LABELS.memo]: memo }),
  };
}

/** A stack on a network that is there, without machines; `adopt` takes in one that exists. */
export function assembleStack(
  ports: StackPorts,
  at: {
    readonly run: RunLabels;
    readonly network: StackNetwork;
    readonly firstAddress: number;
    readonly secrets?: MachineHost["secrets"] | undefined;
  },
): {
  readonly stack: Stack;
  readonly host: MachineHost;
  readonly adopt: (machine: DockerMachine) => void;
  readonly dispose: () => Promise<void>;
} {
  const { docker } = ports;
  const { run, network } = at;
  const gate = createGate(`the stack ${network.name}`);
  /** In the order in which they were asked for; undefined while one comes into being. */
  const machines = new Map<string, DockerMachine | undefined>();
  const listeners: ((line: MachineLine) => void)[] = [];
  const present = () => [...machines.values()].filter((machine) => machine !== undefined);

  const watch = watchEngine(ports, `keep run ${run.runId} going`, () =>
    present().every((machine) => machine.isHeard()),
  );
  let disposing: Promise<void> | undefined;
  const dispose = () => {
    watch.stop();
    return (disposing ??= gate.close().then(() => removeRun(ports, run.runId, present())));
  };

  let addresses = at.firstAddress;
  const host: MachineHost = {
    ...ports,
    run,
    network,
    gate,
    secrets: at.secrets ?? Promise.resolve({}),
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
  const stack: Stack = {
    machine(wanted) {
      const found = machines.get(wanted);
      if (found === undefined)
        throw new UsageError(`no machine ${wanted}: there are ${[...machines.keys()].join(", ")}`);
      return found;
    },
    machines: present,
    outside: network.subnet.gateway,
    async add(spec: MachineSpec) {
      if (machines.has(spec.name)) throw new UsageError(`two machines are called ${spec.name}`);
      machines.set(spec.name, undefined);
      const machine = await createMachine(host, spec);
      machines.set(spec.name, machine);
      return machine;
    },
    onLine: (listener) => void listeners.push(listener),
    keep: () => markAsKept(docker, run),
    failed: watch.gone,
    [Symbol.asyncDispose]: dispose,
  };
  return { stack, host, dispose, adopt: (machine) => void machines.set(machine.name, machine) };
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
      mend: left.some((thing) => thing.includes(SILENT)) ? RESTART : "repro clean",
    });
  }
}
