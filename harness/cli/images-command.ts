import { chooseEngine } from "./choose-engine.ts";
import type { CommandWorld } from "./run-command.ts";

/** `repro images`: builds them, and says which tags they have. */
export async function imagesCommand({ system, signal, out }: CommandWorld): Promise<number> {
  const { forRun } = await chooseEngine("docker", out, system);
  const engine = forRun(0);
  await engine.prepare(system.images, out, signal);
  out(`ready: ${system.images.map((image) => image.tag).join(", ")}`);
  return 0;
}
