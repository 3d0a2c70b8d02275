import type { Clock } from "../ports/clock.ts";
import type { Host } from "../ports/host.ts";
import type { Random } from "../ports/random.ts";

/** All that a running pipeline can know of the world. */
export interface PipelinePorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly host: Host;
}
