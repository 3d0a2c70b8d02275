import { posix } from "node:path";
import type Docker from "dockerode";
import { UsageError } from "../../../errors.ts";
import type { FaultProof, Identity } from "../../engine.ts";
import { engineMessage } from "../api-errors.ts";
import { copyFiles, putSecrets } from "./archive.ts";
import { type ContainerPlan, createContainer, createReader } from "./container.ts";
import { describeState, inspect, stateOf } from "./inspect.ts";
import { start } from "./lifecycle.ts";
import { type MachineRecord, shortId, volumeOf } from "./record.ts";
import { removeContainer, removeVolume } from "./removal.ts";

/** A new container in the place of a removed one, under the same name and address; `identity` says on which disk. */
export async function recreate(machine: MachineRecord, identity: Identity): Promise<FaultProof> {
  const { host, spec } = machine;
  if (machine.container !== undefined)
    throw new UsageError(`${spec.name} is still there: kill it before it is recreated`);
  const oldVolume = volumeOf(machine);
  const newDisk = spec.data !== undefined && identity !== "kept";
  if (newDisk) machine.disks++;
  const { disk, bit } = await host.gate.through(async () => {
    const creating = createContainer(host.docker, planOf(machine));
    if (!newDisk || (identity === "new" && spec.data?.given === undefined)) {
      machine.container = await creating;
      return {
        bit: true,
        disk: newDisk ? "an empty disk" : spec.data === undefined ? "no disk" : "the disk it had",
      };
    }
    return await onNewDisk(machine, oldVolume, { creating, identity });
  });
  await Promise.all([start(machine), newDisk ? dropVolume(machine, oldVolume) : undefined]);
  const after = await inspect(machine);
  return {
    bit: bit && stateOf(after) === "running",
    seen: `container ${shortId(machine.container)} with ${disk}, ${describeState(after)}`,
  };
}

/** The first container of a machine, not started. */
export async function create(machine: MachineRecord): Promise<void> {
  const { host } = machine;
  machine.container = await host.gate.through(() => createContainer(host.docker, planOf(machine)));
  await give(machine, machine.container);
}

/** Its disk is new: before anything runs on it, it gets what only this machine may know. */
async function give({ host, spec }: MachineRecord, container: Docker.Container): Promise<void> {
  const given = Object.entries(spec.data?.given ?? {});
  if (given.length === 0) return;
  const secrets = await host.secrets;
  const files = given.map(([file, secret]) => {
    const text = secrets[secret];
    if (text === undefined) throw new Error(`${spec.name} is to be given ${secret}, and nobody makes it`);
    return { path: posix.join(spec.data!.path, file), text };
  });
  await putSecrets(container, spec.name, files);
}

/** The new disk gets what the machine was given, and if it is wiped the identity files of the old one, before anything runs on it. */
async function onNewDisk(
  machine: MachineRecord,
  oldVolume: string,
  { creating, identity }: { readonly creating: Promise<Docker.Container>; readonly identity: Identity },
): Promise<{ disk: string; bit: boolean }> {
  const { host, spec } = machine;
  const data = spec.data!;
  const wanted = identity === "wiped" ? data.identity : [];
  const given = Object.keys(data.given ?? {});
  const [created, opened] = await Promise.allSettled([
    creating,
    createReader(host.docker, { ...planOf(machine), volume: oldVolume }),
  ]);
  if (created.status === "fulfilled") machine.container = created.value;
  try {
    if (created.status === "rejected") throw created.reason;
    if (opened.status === "rejected") throw opened.reason;
    const kept = await copyFiles({
      from: opened.value,
      to: created.value,
      folder: data.path,
      files: [...wanted, ...given],
      name: spec.name,
    });
    const kind = identity === "new" ? "an empty disk" : "a wiped disk";
    const missing = [...wanted, ...given].filter((file) => !kept.includes(file));
    if (missing.length > 0)
      return { bit: false, disk: `${kind}, without ${missing.join(", ")}: not found on the old one` };
    if (identity === "new") return { bit: true, disk: kind };
    return { bit: true, disk: `a wiped disk that kept ${wanted.join(", ")}` };
  } finally {
    if (opened.status === "fulfilled") await removeContainer(host.docker, opened.value.id);
  }
}

function planOf(machine: MachineRecord): ContainerPlan {
  const { host, spec, address } = machine;
  const { run, network } = host;
  return { run, spec, network, address, imageId: host.imageId(spec.image), volume: volumeOf(machine) };
}

/** Nobody looks at the old disk again; where it cannot go now, it goes with the stack. */
async function dropVolume({ host, spec }: MachineRecord, volume: string): Promise<void> {
  try {
    await removeVolume(host.docker, volume);
  } catch (error) {
    host.warn(`the old disk of ${spec.name} stays until the stack is removed: ${engineMessage(error)}`);
  }
}
