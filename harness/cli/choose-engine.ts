import { fileURLToPath } from "node:url";
import { findEngine, type Discovery } from "../engines/docker/discovery.ts";
import { createDockerEngine } from "../engines/docker/docker-engine.ts";
import { removeLeftovers } from "../engines/docker/clean.ts";
import { createSimEngine } from "../engines/sim/sim-engine.ts";
import type { Engine } from "../engines/engine.ts";
import { EnvironmentError } from "../errors.ts";

export interface ChosenEngine {
  readonly engine: Engine;
  /** Which one and why: for the first line. */
  readonly why: string;
}

/** The folder that everything in this repository is relative to. */
export const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Finds the engine that was asked for, and removes what a killed harness left in it.
 * @throws EnvironmentError when there is none, or when one is configured but does not answer.
 */
export async function chooseEngine(
  wanted: "auto" | "docker" | "sim",
  tell: (text: string) => void,
  seed: number,
): Promise<ChosenEngine> {
  if (wanted === "sim") return { engine: createSimEngine({ seed }), why: "asked for" };
  const { docker, title, from } = await requireDocker(wanted);
  await removeLeftovers(docker, { tell });
  const engine = await createDockerEngine({ docker, title, repository: REPOSITORY, onWarning: tell });
  return { engine, why: `found by ${from}` };
}

/** @throws EnvironmentError */
export async function requireDocker(
  wanted: "auto" | "docker",
): Promise<Extract<Discovery, { kind: "found" }>> {
  const discovery = await findEngine();
  if (discovery.kind === "found") return discovery;
  const looked = discovery.looked.map((place) => `${place.where} (${place.seen})`).join(", ");
  throw new EnvironmentError({
    wanted: wanted === "docker" ? "a Docker engine, as --engine docker asks for" : "a Docker engine",
    seen: `none answers; looked at ${looked}`,
    mend: "start Docker (on Debian: `bash scripts/debian-engine.sh`), or set DOCKER_HOST to the engine to use",
  });
}
