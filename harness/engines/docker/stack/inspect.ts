import type Docker from "dockerode";
import type { MachineState } from "../../engine.ts";
import { engineError, isGone } from "../api-errors.ts";
import type { MachineRecord } from "./record.ts";

/** What the engine says of a machine's container; undefined if there is none. */
export async function inspect(machine: MachineRecord): Promise<Docker.ContainerInspectInfo | undefined> {
  if (machine.container === undefined) return undefined;
  try {
    return await machine.container.inspect();
  } catch (error) {
    if (isGone(error)) return undefined;
    throw engineError(`see how ${machine.spec.name} is`, error);
  }
}

export function stateOf(info: Docker.ContainerInspectInfo | undefined): MachineState {
  return stateFrom(info?.State.Status);
}

/** From the engine's own word for it; undefined if there is no container. */
export function stateFrom(status: string | undefined): MachineState {
  switch (status) {
    case undefined:
    case "removing":
      return "absent";
    case "created":
      return "created";
    case "running":
    case "restarting":
      return "running";
    case "paused":
      return "paused";
    default:
      return "exited";
  }
}

/** In words: `running`, `exited with 1`. */
export function describeState(info: Docker.ContainerInspectInfo | undefined): string {
  const state = stateOf(info);
  return state === "exited" ? `exited with ${info?.State.ExitCode}` : state;
}

/** The address on that network; undefined while it is cut off. */
export function addressOn(
  info: Docker.ContainerInspectInfo | undefined,
  network: string,
): string | undefined {
  const address = info?.NetworkSettings.Networks[network]?.IPAddress;
  return address === "" ? undefined : address;
}
