import { KEPT } from "../labels.ts";
import { type OwnerState, parseOwner } from "../owner.ts";
import type { Thing, Things } from "../stack/ours.ts";

/** What is to become of what one run has left, or one build. */
export interface CleanUp {
  readonly run: string;
  readonly things: AllThings;
  readonly state: RunState;
  readonly remove: boolean;
  /** `state` in words. */
  readonly why: string;
  /** A stack that stands: somebody can go on with it, and remove it alone. */
  readonly stands: boolean;
}

export type AllThings = Required<Things>;

/** Of its owner; a run that is kept has none, and stays. */
export type RunState = OwnerState | "kept";

/**
 * Decides run by run: exactly what a dead owner has made is removed.
 * @param stateOf of an owner, as it was *before* these things were listed: what a dead one has does not change any
 * more. One that was not known then has come since, and so lives.
 */
export function planCleanUp(
  things: AllThings,
  stateOf: ReadonlyMap<string | undefined, OwnerState>,
  options: { readonly all: boolean },
): readonly CleanUp[] {
  const every = [...things.containers, ...things.networks, ...things.volumes, ...things.images];
  const kept = new Set(every.filter(({ owner }) => owner === KEPT).map(({ run }) => run));
  const groups = Map.groupBy(every, ({ run = "", owner }) =>
    JSON.stringify(kept.has(run) ? [run] : [run, owner]),
  );
  return [...groups.values()].map((group) => {
    const { run = "", owner } = group[0]!;
    const isIn = (thing: Thing) => group.includes(thing);
    // One thing of a run that is kept keeps all of it (`Stack.keep`).
    const state: RunState = kept.has(run) ? "kept" : (stateOf.get(owner) ?? "alive");
    return {
      run,
      things: {
        containers: things.containers.filter(isIn),
        networks: things.networks.filter(isIn),
        volumes: things.volumes.filter(isIn),
        images: things.images.filter(isIn),
      },
      state,
      remove: options.all || state === "dead",
      why: sayOwner(owner, state),
      stands: state === "kept" && things.networks.some(isIn),
    };
  });
}

function sayOwner(label: string | undefined, state: RunState): string {
  const owner = parseOwner(label);
  switch (state) {
    case "dead":
      return `its harness, process ${owner?.pid}, is gone`;
    case "alive":
      return owner === undefined ? "it has just been started" : `its harness, process ${owner.pid}, runs`;
    case "elsewhere":
      return `made on ${owner?.host}, or in a container there: from here nobody can tell whether it runs`;
    case "kept":
      return "kept on purpose";
    case "unreadable":
      return "it does not say whose it is";
  }
}

/** `4 containers, 1 network, 2 volumes`; what there is none of is left out. */
export function sayCounts(of: Readonly<Record<keyof AllThings, number>>): string {
  const words = (["container", "network", "volume", "image"] as const)
    .map((word) => ({ word, count: of[`${word}s`] }))
    .filter(({ count }) => count > 0)
    .map(({ word, count }) => `${count} ${word}${count === 1 ? "" : "s"}`);
  return words.length === 0 ? "nothing" : words.join(", ");
}

/** Of several runs. */
export function together(things: readonly AllThings[]): AllThings {
  return {
    containers: things.flatMap(({ containers }) => containers),
    networks: things.flatMap(({ networks }) => networks),
    volumes: things.flatMap(({ volumes }) => volumes),
    images: things.flatMap(({ images }) => images),
  };
}

export function countThings({ containers, networks, volumes, images }: AllThings) {
  return {
    containers: containers.length,
    networks: networks.length,
    volumes: volumes.length,
    images: images.length,
  };
}
