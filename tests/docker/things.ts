import { hostname } from "node:os";
import type Docker from "dockerode";
import { PROJECT } from "../../harness/engines/docker/labels.ts";
import { findThings, type Thing } from "../../harness/engines/docker/stack/ours.ts";

/** What there is on the engine that the process of that id has made: other people's runs are none of ours. */
export async function thingsOf(docker: Docker, pid: number) {
  const isIts = ({ owner }: Thing) => owner?.startsWith(`${hostname()}/${pid}/`) === true;
  const { containers, networks, volumes } = await findThings(docker, "project", PROJECT);
  return {
    containers: containers.filter(isIts),
    networks: networks.filter(isIts),
    volumes: volumes.filter(isIts),
  };
}

export async function countOf(docker: Docker, pid: number) {
  const { containers, networks, volumes } = await thingsOf(docker, pid);
  return { containers: containers.length, networks: networks.length, volumes: volumes.length };
}

export const NOTHING = { containers: 0, networks: 0, volumes: 0 };
