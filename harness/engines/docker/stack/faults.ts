import type Docker from "dockerode";
import type { FaultProof } from "../../engine.ts";
import { engineError, engineMessage, statusOf } from "../api-errors.ts";
import { addressOn, describeState, inspect, stateOf } from "./inspect.ts";
import { endpoint, isStaleEndpoint } from "./network.ts";
import type { MachineRecord } from "./record.ts";

export async function pause(machine: MachineRecord): Promise<FaultProof> {
  return await faultOn(machine, "pause", async (container) => {
    await freeze(container);
    const after = await inspect(machine);
    return { bit: after?.State.Paused === true, seen: `the engine says: ${describeState(after)}` };
  });
}

const MOST_TRIES = 3;

/**
 * On a busy machine the kernel may not get every process of a container to stand still in time; runc gives up
 * then, lets them go on, and says so. Asked again it mostly succeeds.
 */
async function freeze(container: Docker.Container, tries = 1): Promise<void> {
  try {
    await container.pause();
  } catch (error) {
    if (tries === MOST_TRIES || !engineMessage(error).includes("unable to freeze")) throw error;
    await freeze(container, tries + 1);
  }
}

export async function resume(machine: MachineRecord): Promise<FaultProof> {
  return await faultOn(machine, "resume", async (container) => {
    const before = await inspect(machine);
    if (stateOf(before) !== "paused")
      return { bit: false, seen: `it was not paused: ${describeState(before)}` };
    await container.unpause();
    const after = await inspect(machine);
    return { bit: stateOf(after) === "running", seen: `the engine says: ${describeState(after)}` };
  });
}

export async function cut(machine: MachineRecord): Promise<FaultProof> {
  const { network, docker } = machine.host;
  return await faultOn(machine, "cut off", async (container) => {
    if (machine.cut) return { bit: false, seen: "it was cut off already" };
    await docker.getNetwork(network.id).disconnect({ Container: container.id });
    const after = await inspect(machine);
    machine.cut = addressOn(after, network.name) === undefined;
    return machine.cut
      ? { bit: true, seen: `no endpoint on ${network.name} any more, ${describeState(after)}` }
      : { bit: false, seen: `still on ${network.name}` };
  });
}

/** Asks for the address that it had: with another one the connections that a real short partition keeps would break. */
export async function heal(machine: MachineRecord): Promise<FaultProof> {
  const { host, spec } = machine;
  const network = host.docker.getNetwork(host.network.id);
  return await faultOn(machine, "heal", async (container) => {
    if (!machine.cut) return { bit: false, seen: "it was not cut off" };
    const connect = async () =>
      await network.connect({
        Container: container.id,
        EndpointConfig: endpoint(machine.address, spec.name),
      });
    try {
      await connect();
    } catch (error) {
      if (!isStaleEndpoint(error)) throw error;
      // Docker 20.10 kept the endpoint that the cut removed.
      await network.disconnect({ Container: container.id, Force: true }).catch(() => {});
      await connect();
      host.warn(`${spec.name}: freed an endpoint that the engine had kept after the cut`);
    }
    machine.cut = false;
    const after = await inspect(machine);
    const address = addressOn(after, host.network.name);
    return {
      bit: address === machine.address,
      seen: `on ${host.network.name} at ${address ?? "no address"}, before the cut at ${machine.address}`,
    };
  });
}

/** A fault that the engine refuses, because of the state the machine is in, did not bite; that is all it is. */
async function faultOn(
  machine: MachineRecord,
  verb: string,
  apply: (container: Docker.Container) => Promise<FaultProof>,
): Promise<FaultProof> {
  const { container, spec } = machine;
  if (container === undefined) return { bit: false, seen: `${spec.name} was not there` };
  try {
    return await apply(container);
  } catch (error) {
    const before = await inspect(machine);
    const status = statusOf(error);
    if (stateOf(before) !== "running" || status === 404 || status === 409) {
      return { bit: false, seen: `${engineMessage(error)} (${describeState(before)})` };
    }
    throw engineError(`${verb} ${spec.name}`, error);
  }
}
