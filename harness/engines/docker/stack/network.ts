import type Docker from "dockerode";
import { EnvironmentError } from "../../../errors.ts";
import { engineError, engineMessage } from "../api-errors.ts";
import { chooseSubnet, STACK_RANGE, type Subnet } from "./subnets.ts";
import { takenRanges } from "./taken-ranges.ts";

export interface StackNetwork {
  readonly id: string;
  readonly name: string;
  readonly subnet: Subnet;
}

/** A bridge network in a subnet of its own. */
export async function createNetwork(
  docker: Docker,
  wanted: { readonly name: string; readonly labels: Readonly<Record<string, string>> },
): Promise<StackNetwork> {
  const { name } = wanted;
  const lostTo: string[] = [];
  for (;;) {
    const taken = await takenRanges(docker);
    const subnet = chooseSubnet([...taken, ...lostTo], name);
    if (subnet === undefined) throw noSubnetLeft(taken.length);
    try {
      const { id } = await docker.createNetwork({
        Name: name,
        Driver: "bridge",
        CheckDuplicate: true,
        Labels: { ...wanted.labels },
        IPAM: { Driver: "default", Config: [{ Subnet: subnet.cidr, Gateway: subnet.gateway }] },
      });
      return { id, name, subnet };
    } catch (error) {
      // Another run took it between our look and our call (or something that is no network holds it): the next one.
      if (!/overlap/i.test(engineMessage(error))) throw engineError(`create network ${name}`, error);
      lostTo.push(subnet.cidr);
    }
  }
}

/** What a machine's endpoint is to be: the fixed address is what a cut gives back, the alias how others find it. */
export function endpoint(address: string, alias: string): Docker.EndpointSettings {
  return { IPAMConfig: { IPv4Address: address }, Aliases: [alias] };
}

/** Docker 20.10: what is left of a container that is gone still holds its address or its name on the network. */
export function isStaleEndpoint(error: unknown): boolean {
  return /Address already in use|endpoint with name .* already exists/i.test(engineMessage(error));
}

function noSubnetLeft(networks: number): EnvironmentError {
  return new EnvironmentError({
    wanted: `an address range for a new network, out of ${STACK_RANGE}`,
    seen: `all of it is taken (${networks} networks)`,
    mend: "repro clean; docker network prune; repro doctor tells more",
  });
}
