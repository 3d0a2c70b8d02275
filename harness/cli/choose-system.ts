import { bundledSystem } from "../systems/bundled/bundled.ts";
import { createCloudSystem } from "../systems/cloud/cloud.ts";
import { createExpansoSystem, standingExpanso } from "../systems/expanso/expanso.ts";
import type { System } from "../systems/system.ts";
import { REPOSITORY } from "./choose-engine.ts";
import { oneOf } from "./options.ts";

const SYSTEMS = ["bundled", "expanso", "cloud"] as const;

/** @throws UsageError for one that there is not. */
export function systemName(given: string): (typeof SYSTEMS)[number] {
  return oneOf("--system", given, SYSTEMS);
}

/**
 * The system that is asked for by name; the bundled one unless told.
 * @param note told what somebody may have meant, and is not done.
 * @throws UsageError for one that there is not, and for a cloud of which too little is told; EnvironmentError for one whose programs are not there.
 */
export async function chooseSystem(
  given: string | undefined,
  note: (text: string) => void,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<System> {
  if (given === undefined && (env["EXPANSO_REPO"] ?? "") !== "") {
    note(
      `EXPANSO_REPO=${env["EXPANSO_REPO"]} is not looked at: this is the control plane in this repository; ` +
        "--system expanso takes what is built there",
    );
  }
  switch (systemName(given ?? "bundled")) {
    case "bundled":
      return bundledSystem;
    case "expanso":
      return await createExpansoSystem({ repository: REPOSITORY, env });
    case "cloud":
      return createCloudSystem({ folder: process.cwd(), env });
  }
}

/** The system that a stack was made of, to go on with it; undefined for one that this version does not know. */
export function standingSystem(name: string): System | undefined {
  return [bundledSystem, standingExpanso].find((system) => system.name === name);
}
