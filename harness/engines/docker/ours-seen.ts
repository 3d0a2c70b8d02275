import type Docker from "dockerode";
import { KEPT, PROJECT } from "./labels.ts";
import { type Here, ownerState, type OwnerState } from "./owner.ts";
import { findThings, type Thing } from "./stack/ours.ts";

/** Something of ours on the engine, and whose it is. */
export interface ThingSeen {
  readonly kind: "container" | "network" | "volume";
  readonly run: string | undefined;
  readonly state: ThingState;
}

/** What is of a run that is kept is nobody's, and stays. */
export type ThingState = OwnerState | "kept";

/** Everything that carries our labels, of whatever run; removes nothing. */
export async function seeOurs(docker: Docker): Promise<readonly ThingSeen[]> {
  const { containers, networks, volumes } = await findThings(docker, "project", PROJECT);
  const stateOf = await statesOf([...containers, ...networks, ...volumes]);
  const seen = (kind: ThingSeen["kind"], things: readonly Thing[]) =>
    things.map((thing) => ({ kind, run: thing.run, state: stateOf(thing) }));
  return [...seen("container", containers), ...seen("network", networks), ...seen("volume", volumes)];
}

/** As `removeLeftovers` sees it: one thing of a run that is kept keeps all of it (`Stack.keep`). */
export async function statesOf(things: readonly Thing[], here?: Here): Promise<(thing: Thing) => ThingState> {
  const owners = [...new Set(things.map(({ owner }) => owner))];
  const states = new Map(
    await Promise.all(owners.map(async (owner) => [owner, await ownerState(owner, here)] as const)),
  );
  const kept = new Set(things.filter(({ owner }) => owner === KEPT).map(({ run }) => run));
  return ({ owner, run }) => {
    const isKept = owner === KEPT || (run !== undefined && kept.has(run));
    return isKept ? "kept" : states.get(owner)!;
  };
}
