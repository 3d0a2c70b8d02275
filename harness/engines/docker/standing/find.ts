import type Docker from "dockerode";
import type { MachineState, StandingStack } from "../../engine.ts";
import { KEPT, LABELS, PROJECT } from "../labels.ts";
import { type Here, ownerState, parseOwner } from "../owner.ts";
import { networkName } from "../stack.ts";
import { containerName } from "../stack/container.ts";
import { stateFrom } from "../stack/inspect.ts";
import { listOurs } from "../stack/ours.ts";
import { diskOf } from "../stack/record.ts";

type Ours = Awaited<ReturnType<typeof listOurs>>;

/** A stack that was kept, with what is needed to go on with it. */
export interface FoundStack extends StandingStack {
  readonly network: Docker.NetworkInspectInfo;
  readonly found: readonly FoundMachine[];
}

export interface FoundMachine {
  readonly name: string;
  /** Undefined: only its disk is left. */
  readonly containerId: string | undefined;
  readonly state: MachineState;
  /** The one that it has at this moment. */
  readonly address: string | undefined;
  /** The one that it is to have when it is back on the network. */
  readonly ownAddress: string | undefined;
  /** How many disks it has had; undefined where none is left of which that could be told. */
  readonly disks: number | undefined;
}

/** Everything that was kept, by its labels, in the order in which it was made. */
export async function findStanding(docker: Docker, here?: Here): Promise<readonly FoundStack[]> {
  const ours = await listOurs(docker, "project", PROJECT);
  const labelsOf = ({ Labels: labels }: { Labels?: Readonly<Record<string, string>> | null | undefined }) =>
    labels ?? {};
  const kept = new Set(
    [...ours.containers, ...ours.networks, ...ours.volumes]
      .map((thing) => labelsOf(thing))
      .filter((labels) => labels[LABELS.owner] === KEPT)
      .map((labels) => labels[LABELS.run]),
  );
  const stacks = ours.networks.filter(
    ({ Name: name, Labels: labels }) =>
      kept.has(labels?.[LABELS.run]) && name === networkName(labels?.[LABELS.run] ?? ""),
  );
  const found = await Promise.all(stacks.map((network) => describe(network, ours, here)));
  return found.toSorted((a, b) => a.madeAtMs - b.madeAtMs);
}

async function describe(
  network: Docker.NetworkInspectInfo,
  ours: Ours,
  here: Here | undefined,
): Promise<FoundStack> {
  const labels = network.Labels ?? {};
  const runId = labels[LABELS.run] ?? "";
  const maker = labels[LABELS.maker];
  const state = await ownerState(maker, here);
  const found = machinesOf(network.Name, runId, ours);
  return {
    runId,
    memo: labels[LABELS.memo],
    madeAtMs: Date.parse(network.Created),
    maker: state === "alive" ? maker?.split("/")[1] : undefined,
    elsewhere: state === "elsewhere" ? parseOwner(maker)?.host : undefined,
    machines: found.map(({ name, state, address, containerId }) => ({
      name,
      state,
      address,
      container: containerId?.slice(0, 12),
    })),
    network,
    found,
  };
}

/** By the labels of containers and volumes; the containers through which disks are only read are none. */
function machinesOf(network: string, runId: string, { containers, volumes }: Ours): FoundMachine[] {
  // The newest: one before it may be there still, where the engine would not let go of it.
  const disks = new Map<string, number>();
  for (const { Name: volume, Labels: labels } of volumes) {
    const of = (labels as typeof labels | null)?.[LABELS.machine];
    const disk = diskOf(volume);
    if (of === undefined || disk === undefined || labels[LABELS.run] !== runId) continue;
    disks.set(of, Math.max(disk, disks.get(of) ?? 0));
  }
  const there = containers.flatMap((container): FoundMachine[] => {
    const name = container.Labels[LABELS.machine];
    if (container.Labels[LABELS.run] !== runId || name === undefined) return [];
    if (!container.Names.includes(`/${containerName(network, name)}`)) return [];
    const endpoint = container.NetworkSettings.Networks[network];
    const address = endpoint?.IPAddress === "" ? undefined : endpoint?.IPAddress;
    return [
      {
        name,
        containerId: container.Id,
        state: stateFrom(container.State),
        address,
        ownAddress: address ?? endpoint?.IPAMConfig?.IPv4Address ?? container.Labels[LABELS.address],
        disks: disks.get(name),
      },
    ];
  });
  const gone = [...disks.keys()].filter((name) => !there.some((machine) => machine.name === name));
  return [...there, ...gone.map((name) => killed(name, disks.get(name)))].toSorted((a, b) =>
    a.name.localeCompare(b.name, "en", { numeric: true }),
  );
}

/** One of which there is no container. */
export function killed(name: string, disks: number | undefined): FoundMachine {
  return {
    name,
    containerId: undefined,
    state: "absent",
    address: undefined,
    ownAddress: undefined,
    disks,
  };
}
