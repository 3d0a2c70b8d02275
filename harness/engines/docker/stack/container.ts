import type Docker from "dockerode";
import { OUTSIDE, type MachineSpec } from "../../engine.ts";
import { wanting } from "../api-errors.ts";
import { LABELS, runLabels, type RunLabels } from "../labels.ts";
import { endpoint, type StackNetwork } from "./network.ts";

/** What a machine becomes on the engine. */
export interface ContainerPlan {
  readonly run: RunLabels;
  readonly spec: MachineSpec;
  readonly imageId: string;
  readonly network: StackNetwork;
  readonly address: string;
  /** The volume behind the machine's data folder. */
  readonly volume: string;
}

/** By this name people find it, and so does whoever goes on with the stack. */
export function containerName(network: string, machine: string): string {
  return `${network}-${machine}`;
}

export async function createContainer(docker: Docker, plan: ContainerPlan): Promise<Docker.Container> {
  const { run, spec, network } = plan;
  const args = spec.args.length === 0 ? {} : { Cmd: [...spec.args] };
  return await wanting(
    `create ${spec.name}`,
    docker.createContainer({
      name: containerName(network.name, spec.name),
      Image: plan.imageId,
      Hostname: spec.name,
      Env: Object.entries(spec.env).map(
        ([name, value]) => `${name}=${value.replaceAll(OUTSIDE, network.subnet.gateway)}`,
      ),
      ExposedPorts: Object.fromEntries((spec.publishes ?? []).map((port) => [`${port}/tcp`, {}])),
      ...args,
      Labels: { ...runLabels(run, spec.name), [LABELS.address]: plan.address },
      HostConfig: { NetworkMode: network.name, Mounts: dataMount(plan), PortBindings: bindings(plan) },
      NetworkingConfig: { EndpointsConfig: { [network.name]: endpoint(plan.address, spec.name) } },
    }),
  );
}

/** On the network's own gateway: no other address of the host listens, and two stacks never want the same. */
function bindings({ spec, network }: ContainerPlan): Record<string, object[]> {
  const { gateway } = network.subnet;
  return Object.fromEntries(
    (spec.publishes ?? []).map((port) => [`${port}/tcp`, [{ HostIp: gateway, HostPort: `${port}` }]]),
  );
}

/**
 * A container that is never started and has nothing but the data folder: through it the files of a volume can be read
 * without a process that might change them.
 */
export async function createReader(
  docker: Docker,
  plan: Pick<ContainerPlan, "run" | "spec" | "imageId" | "volume">,
): Promise<Docker.Container> {
  return await wanting(
    `look into the data folder of ${plan.spec.name}`,
    docker.createContainer({
      Image: plan.imageId,
      Labels: runLabels(plan.run, plan.spec.name),
      HostConfig: { NetworkMode: "none", Mounts: dataMount(plan) },
    }),
  );
}

/** Volumes come into being with the container that mounts them, labels and all: a call less for each machine. */
function dataMount({
  run,
  spec,
  volume,
}: Pick<ContainerPlan, "run" | "spec" | "volume">): Docker.MountSettings[] {
  if (spec.data === undefined) return [];
  return [
    {
      Type: "volume",
      Source: volume,
      Target: spec.data.path,
      VolumeOptions: {
        // The image's own content of the folder would make a new disk look used.
        NoCopy: true,
        Labels: runLabels(run, spec.name),
        DriverConfig: { Name: "local", Options: {} },
      },
    },
  ];
}
