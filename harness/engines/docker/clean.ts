import type Docker from "dockerode";
import { KEPT, PROJECT } from "./labels.ts";
import { type Here, ownerState, type OwnerState } from "./owner.ts";
import { findThings, type Removal, removeThings, type Thing } from "./stack/ours.ts";

export interface Leftovers extends Removal {
  /** Ours by label, but not to be removed: their owner lives, or may live on another host. */
  readonly spared: number;
}

export interface CleanOptions {
  /** Told once, before anything is removed. */
  tell?(progress: string): void;
  /** Everything of ours, also of living owners and other hosts. */
  readonly all?: boolean;
  readonly here?: Here;
}

/** Removes what harnesses that are gone left behind. Never fails because of what cannot be removed: it says so. */
export async function removeLeftovers(docker: Docker, options: CleanOptions = {}): Promise<Leftovers> {
  const found = await findThings(docker, "project", PROJECT);
  const everything = [...found.containers, ...found.networks, ...found.volumes];
  const states = await statesOf(everything, options.here);
  // One thing of a run that is kept keeps all of it (`Stack.keep`).
  const kept = new Set(everything.filter(({ owner }) => owner === KEPT).map(({ run }) => run));
  const isLeft = ({ owner, run }: Thing) =>
    options.all === true || (states.get(owner) === "dead" && !(run !== undefined && kept.has(run)));
  const things = {
    containers: found.containers.filter(isLeft),
    networks: found.networks.filter(isLeft),
    volumes: found.volumes.filter(isLeft),
  };
  const [containers, networks, volumes] = [things.containers, things.networks, things.volumes].map(
    (of) => of.length,
  );
  const total = containers! + networks! + volumes!;
  if (total > 0)
    options.tell?.(`removing ${containers} containers, ${networks} networks and ${volumes} volumes`);
  return { ...(await removeThings(docker, things)), spared: everything.length - total };
}

async function statesOf(things: readonly Thing[], here?: Here): Promise<Map<string | undefined, OwnerState>> {
  const owners = [...new Set(things.map(({ owner }) => owner))];
  return new Map(
    await Promise.all(owners.map(async (owner) => [owner, await ownerState(owner, here)] as const)),
  );
}
