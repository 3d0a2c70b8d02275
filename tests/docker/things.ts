import { hostname } from "node:os";
import type Docker from "dockerode";
import { PROJECT } from "../../harness/engines/docker/labels.ts";
import { parseOwner } from "../../harness/engines/docker/owner.ts";
import { findThings, type Thing } from "../../harness/engines/docker/stack/ours.ts";

/** What there is on the engine that the process of that id has made: other people's runs are none of ours. */
export async function thingsOf(docker: Docker, pid: number) {
  const isIts = ({ owner }: Thing) => isOf(owner, pid);
  const { containers, networks, volumes } = await findThings(docker, "project", PROJECT);
  return {
    containers: containers.filter(isIts),
    networks: networks.filter(isIts),
    volumes: volumes.filter(isIts),
  };
}

/** Whether that label was written by the process of that id, here. */
export function isOf(owner: string | undefined, pid: number): boolean {
  const its = parseOwner(owner);
  return its?.host === hostname() && its.pid === pid;
}

export async function countOf(docker: Docker, pid: number) {
  const { containers, networks, volumes } = await thingsOf(docker, pid);
  return { containers: containers.length, networks: networks.length, volumes: volumes.length };
}

export const NOTHING = { containers: 0, networks: 0, volumes: 0 };
