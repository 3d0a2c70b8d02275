import { removeLeftovers } from "../engines/docker/clean.ts";
import { EXIT } from "./exit-code.ts";
import { requireDocker } from "./choose-engine.ts";
import type { CommandWorld } from "./run-command.ts";

/** `repro clean`: by label and dead owner; `--all` also takes from the living. */
export async function cleanCommand(
  flags: { readonly all?: boolean },
  { out, err }: Pick<CommandWorld, "out" | "err">,
): Promise<number> {
  const { docker } = await requireDocker();
  const removed = await removeLeftovers(docker, { all: flags.all === true });
  out(
    `removed ${removed.containers} containers, ${removed.networks} networks, ${removed.volumes} volumes` +
      (removed.spared > 0
        ? `; left ${removed.spared} things of runs that still live (--all removes them too)`
        : ""),
  );
  for (const left of [...removed.left, ...removed.stuck]) err(`repro: could not remove ${left}`);
  return removed.left.length > 0 ? EXIT.environment : EXIT.asExpected;
}
