import type Docker from "dockerode";
import { wanting } from "../api-errors.ts";

/** The address ranges that the engine's networks have taken. */
export async function takenRanges(docker: Docker): Promise<readonly string[]> {
  const networks = await wanting("see which address ranges are taken", docker.listNetworks());
  return networks.flatMap(({ IPAM: ipam }) => (ipam?.Config ?? []).map(({ Subnet: cidr }) => cidr ?? ""));
}
