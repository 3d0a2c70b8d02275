import { fileURLToPath } from "node:url";
import { findEngine, type Discovery } from "../engines/docker/discovery.ts";
import { createDockerEngine, type DockerEngine } from "../engines/docker/docker-engine.ts";
import { removeLeftovers } from "../engines/docker/clean.ts";
import { createSimEngine } from "../engines/sim/sim-engine.ts";
import type { Engine } from "../engines/engine.ts";
import { EnvironmentError, UsageError } from "../errors.ts";
import type { System } from "../systems/system.ts";
import { oneOf } from "./options.ts";

export interface ChosenEngine {
  /** For one run: Docker does not know of seeds, a simulation is made anew from its own. */
  readonly forRun: (seed: number) => Engine;
  /** Which one and why: for the first line. */
  readonly why: string;
}

/** The folder that everything in this repository is relative to. */
export const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));

/** @throws UsageError when a system was asked for that no simulation has the code of. */
export function chooseEngineName(given: string, system: Pick<System, "name" | "isSimulated">): EngineName {
  const name = oneOf("--engine", given, ENGINES);
  if (name !== "sim" || system.isSimulated) return name;
  throw new UsageError(
    `--engine sim: a simulation has the bundled code only, and nothing of --system ${system.name}; leave one of them out`,
  );
}

const ENGINES = ["auto", "docker", "sim"] as const;
type EngineName = (typeof ENGINES)[number];

/**
 * The engine that was asked for. `auto` takes Docker when an engine answers, otherwise the simulation, and says
 * why. What a killed harness left in Docker is removed first. A system that cannot be simulated always gets Docker.
 * @throws EnvironmentError when Docker was asked for and there is none, or when an engine is configured but
 * does not answer: never a reason to simulate silently.
 */
export async function chooseEngine(
  wanted: EngineName,
  tell: (text: string) => void,
  system: Pick<System, "isSimulated"> = { isSimulated: true },
): Promise<ChosenEngine> {
  const simulation = (seed: number) => createSimEngine({ seed });
  if (wanted === "sim") return { forRun: simulation, why: "asked for" };
  const discovery = await findEngine();
  if (discovery.kind === "none" && wanted === "auto" && system.isSimulated) {
    return { forRun: simulation, why: `no Docker engine answers: ${lookedAt(discovery)}` };
  }
  const { docker, title, from } = found(discovery, OR_SIMULATE);
  const { left, stuck } = await removeLeftovers(docker, { tell });
  for (const thing of [...left, ...stuck]) tell(`left by a killed run, and could not be removed: ${thing}`);
  const engine = await createDockerEngine({ docker, title, repository: REPOSITORY, onWarning: tell });
  return { forRun: () => engine, why: `found by ${from}` };
}

/** The engine on which stacks stand, for what only looks at them or goes on with them. @throws EnvironmentError */
export async function standingEngine(tell: (text: string) => void): Promise<DockerEngine> {
  const { docker, title } = await requireDocker();
  return await createDockerEngine({ docker, title, repository: REPOSITORY, onWarning: tell });
}

/** @throws EnvironmentError */
export async function requireDocker(): Promise<Extract<Discovery, { kind: "found" }>> {
  return found(await findEngine(), "");
}

const OR_SIMULATE = ", or simulate: --engine sim";

function found(discovery: Discovery, otherwise: string): Extract<Discovery, { kind: "found" }> {
  if (discovery.kind === "found") return discovery;
  throw new EnvironmentError({
    wanted: "a Docker engine",
    seen: `none answers: ${lookedAt(discovery)}`,
    mend:
      "start Docker (on Debian: `bash scripts/debian-engine.sh`), or set DOCKER_HOST to the engine to use" +
      `${otherwise}; repro doctor tells more`,
  });
}

function lookedAt(discovery: Extract<Discovery, { kind: "none" }>): string {
  return discovery.looked.map((place) => `${place.where} (${place.seen})`).join(", ");
}
