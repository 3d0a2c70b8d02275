import type Docker from "dockerode";
import { type AllThings, type CleanUp, countThings, planCleanUp, sayCounts, together } from "./clean/plan.ts";
import { wanting } from "./api-errors.ts";
import { cutOffParts } from "./images/cut-off.ts";
import { PROJECT } from "./labels.ts";
import { type Here, ownerState, type OwnerState } from "./owner.ts";
import { findThings, type Removal, removeThings } from "./stack/ours.ts";

export interface Leftovers extends Removal {
  /** How many things are ours by label, but not to be removed: their owner lives, or may live on another host. */
  readonly spared: number;
  /** Run by run, what was removed or spared, and why. */
  readonly runs: readonly CleanUp[];
}

export interface CleanOptions {
  /** Told before anything is removed. */
  tell?(progress: string): void;
  /** Everything of ours, also of living owners and other hosts. */
  readonly all?: boolean;
  readonly here?: Here;
}

/** Removes what harnesses that are gone left behind. Never fails because of what cannot be removed: it says so. */
export async function removeLeftovers(docker: Docker, options: CleanOptions = {}): Promise<Leftovers> {
  const removed = { containers: 0, networks: 0, volumes: 0, images: 0 };
  const runs: CleanUp[] = [];
  const tried = new Set<string>();
  let failed: Pick<Removal, "left" | "stuck"> = { left: [], stuck: [] };
  for (;;) {
    const plan = await findLeftovers(docker, options);
    const doomed = plan.filter(({ remove }) => remove);
    const things = together(doomed.map((run) => run.things));
    const spared = plan.filter(({ remove }) => !remove);
    // What the engine had been asked for when its harness died may come into being while the rest is removed.
    const isNews = all(things).some(({ id }) => !tried.has(id));
    if (!isNews) return { ...removed, ...failed, spared: countAll(spared), runs: [...runs, ...spared] };
    options.tell?.(`removing ${sayCounts(countThings(things))} that killed runs left`);
    const { left, stuck, ...counts } = await removeThings(docker, things);
    for (const { id } of all(things)) tried.add(id);
    for (const kind of ["containers", "networks", "volumes", "images"] as const)
      removed[kind] += counts[kind];
    failed = { left, stuck };
    runs.push(...doomed);
  }
}

/** What a clean-up would do with what there is, run by run; removes nothing. */
export async function findLeftovers(
  docker: Docker,
  options: Pick<CleanOptions, "all" | "here"> = {},
): Promise<readonly CleanUp[]> {
  const before = await findAll(docker);
  const owners = [...new Set(all(before).map(({ owner }) => owner))];
  const states = new Map<string | undefined, OwnerState>(
    await Promise.all(owners.map(async (owner) => [owner, await ownerState(owner, options.here)] as const)),
  );
  // Looked at again once the owners are known to be dead: the last one may have kept its run at the last moment.
  const things = owners.length === 0 ? before : await findAll(docker);
  return planCleanUp(things, states, { all: options.all === true });
}

async function findAll(docker: Docker): Promise<AllThings> {
  const [things, images] = await Promise.all([
    findThings(docker, "project", PROJECT),
    wanting("see what there is to remove", docker.listImages({ all: true })),
  ]);
  return { ...things, images: cutOffParts(images) };
}

function all({ containers, networks, volumes, images }: AllThings) {
  return [...containers, ...networks, ...volumes, ...images];
}

function countAll(runs: readonly CleanUp[]): number {
  return runs.reduce((sum, { things }) => sum + all(things).length, 0);
}
