import type Docker from "dockerode";
import { engineMessage, wanting } from "../api-errors.ts";
import { LABELS, withLabel } from "../labels.ts";
import { removeContainer, removeImage, removeNetwork, removeVolume } from "./removal.ts";

/** Something on the engine that carries our labels. */
export interface Thing {
  /** What the engine takes it by: a container's, network's or image's id, a volume's name. */
  readonly id: string;
  readonly name: string;
  readonly owner: string | undefined;
  readonly run: string | undefined;
}

export interface Things {
  readonly containers: readonly Thing[];
  readonly networks: readonly Thing[];
  readonly volumes: readonly Thing[];
  /** What builds that were cut off left, each before what it was built upon. A run has none. */
  readonly images?: readonly Thing[];
}

/** All that the engine says of everything with that label. */
export async function listOurs(docker: Docker, label: "project" | "run", value: string) {
  return await listThings(docker, "see what there is of ours", withLabel(label, value));
}

/** All that the engine says of everything that it finds so. */
export async function listThings(docker: Docker, wanted: string, filters: Record<string, string[]>) {
  const [containers, networks, volumes] = await wanting(
    wanted,
    Promise.all([
      docker.listContainers({ all: true, filters }),
      docker.listNetworks({ filters }),
      docker.listVolumes({ filters }),
    ]),
  );
  // The list is null where there is not one.
  return { containers, networks, volumes: (volumes.Volumes as typeof volumes.Volumes | null) ?? [] };
}

/**
 * Everything with that label that belongs to a run: a container that somebody started from an image of ours has the
 * image's labels, and is theirs. What exists is what the engine says, not what we remember of having made.
 */
export async function findThings(docker: Docker, label: "project" | "run", value: string): Promise<Things> {
  const { containers, networks, volumes } = await listOurs(docker, label, value);
  const isOfARun = ({ run }: Thing) => run !== undefined && run !== "";
  const things = {
    containers: containers.map(({ Id: id, Names: names, Labels: labels }) => ({
      id,
      name: names[0]?.replace(/^\//, "") ?? id.slice(0, 12),
      owner: labels[LABELS.owner],
      run: labels[LABELS.run],
    })),
    networks: networks.map(({ Id: id, Name: name, Labels: labels }) => ({
      id,
      name,
      owner: labels?.[LABELS.owner],
      run: labels?.[LABELS.run],
    })),
    volumes: volumes.map(({ Name: name, Labels: labels }) => ({
      id: name,
      name,
      owner: (labels as typeof labels | null)?.[LABELS.owner],
      run: (labels as typeof labels | null)?.[LABELS.run],
    })),
  };
  return {
    containers: things.containers.filter(isOfARun),
    networks: things.networks.filter(isOfARun),
    volumes: things.volumes.filter(isOfARun),
  };
}

export interface Removal {
  readonly containers: number;
  readonly networks: number;
  readonly volumes: number;
  readonly images: number;
  /** What could not be removed, and why. */
  readonly left: readonly string[];
  /** Networks that the engine itself cannot let go of any more, or that somebody uses. */
  readonly stuck: readonly string[];
}

/**
 * Removes them, as much at once as their order allows: a network or volume goes when nothing uses it any more. The
 * containers of a run go one after the other: where those of one network end at once, Docker 20.10 may lock itself out,
 * or keep the network for ever (docs/doctor.md).
 */
export async function removeThings(docker: Docker, things: Things): Promise<Removal> {
  const left: string[] = [];
  const stuck: string[] = [];
  const attempt = async (what: string, removal: Promise<void>): Promise<boolean> => {
    try {
      await removal;
      return true;
    } catch (error) {
      left.push(`${what} (${engineMessage(error)})`);
      return false;
    }
  };
  const ofRuns = [...Map.groupBy(things.containers, ({ run }) => run).values()];
  let containers = 0;
  await Promise.all(
    ofRuns.map(async (ofOne) => {
      for (const { id, name } of ofOne)
        if (await attempt(`container ${name}`, removeContainer(docker, id))) containers += 1;
    }),
  );
  const [volumes, networks] = await Promise.all([
    countDone(things.volumes.map(({ id, name }) => attempt(`volume ${name}`, removeVolume(docker, id)))),
    countDone(
      things.networks.map(async ({ id, name }) => {
        const { kept } = await removeNetwork(docker, id);
        if (kept !== undefined) stuck.push(`network ${name} (${kept})`);
        return kept === undefined;
      }),
    ),
  ]);
  let images = 0;
  // One after the other: the engine keeps what another one is built upon.
  for (const { id, name } of things.images ?? [])
    if (await attempt(`image ${name}`, removeImage(docker, id))) images += 1;
  return { containers, networks, volumes, images, left, stuck };
}

async function countDone(tasks: readonly Promise<boolean>[]): Promise<number> {
  return (await Promise.all(tasks)).filter(Boolean).length;
}
