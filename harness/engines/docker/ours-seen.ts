import type Docker from "dockerode";
import { statesOf, type ThingState } from "./clean.ts";
import { PROJECT } from "./labels.ts";
import { findThings, type Thing } from "./stack/ours.ts";

/** Something of ours on the engine, and whose it is. */
export interface ThingSeen {
  readonly kind: "container" | "network" | "volume";
  readonly run: string | undefined;
  readonly state: ThingState;
}

/** Everything that carries our labels, of whatever run. */
export async function seeOurs(docker: Docker): Promise<readonly ThingSeen[]> {
  const { containers, networks, volumes } = await findThings(docker, "project", PROJECT);
  const stateOf = await statesOf([...containers, ...networks, ...volumes]);
  const seen = (kind: ThingSeen["kind"], things: readonly Thing[]) =>
    things.map((thing) => ({ kind, run: thing.run, state: stateOf(thing) }));
  return [...seen("container", containers), ...seen("network", networks), ...seen("volume", volumes)];
}
