import { bundledSystem } from "../systems/bundled/bundled.ts";
import { createExpansoSystem } from "../systems/expanso/expanso.ts";
import type { System } from "../systems/system.ts";
import { REPOSITORY } from "./choose-engine.ts";
import { oneOf } from "./options.ts";

const SYSTEMS = ["bundled", "expanso"] as const;

/** @throws UsageError for one that there is not. */
export function systemName(given: string): (typeof SYSTEMS)[number] {
  return oneOf("--system", given, SYSTEMS);
}

/**
 * The system that is asked for by name.
 * @throws UsageError for one that there is not; EnvironmentError for one whose programs are not there.
 */
export async function chooseSystem(
  given: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<System> {
  switch (systemName(given)) {
    case "bundled":
      return bundledSystem;
    case "expanso":
      return await createExpansoSystem({ repository: REPOSITORY, env });
  }
}
