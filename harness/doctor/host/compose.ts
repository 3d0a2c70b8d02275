import { question, type Examination } from "../examination.ts";
import { note, ok, type Judgement } from "../finding.ts";
import type { Host } from "../host.ts";

export interface Compose {
  /** What `docker compose version` says, and the older `docker-compose --version`. */
  readonly plugin: string | undefined;
  readonly standalone: string | undefined;
}

export function compose(host: Host): Examination<Compose> {
  return question({
    id: "compose",
    asks: "Is there a Compose, to start the stack by hand?",
    why: "Only compose files need it: repro itself speaks to the engine directly.",
    mend: INSTALL,
    isOptional: true,
    ask: async (signal) => {
      const [plugin, standalone] = await Promise.all([
        host.run("docker", ["compose", "version"], signal),
        host.run("docker-compose", ["--version"], signal),
      ]);
      return { plugin, standalone };
    },
    judge: judgeCompose,
  });
}

const INSTALL =
  "apt-get install --no-install-recommends docker-compose (or Docker's plugin docker-compose-plugin)";

export function judgeCompose({ plugin, standalone }: Compose): Judgement {
  const [first] = (plugin ?? standalone ?? "").split("\n");
  if (first === undefined || first === "")
    return note("neither `docker compose` nor `docker-compose`", INSTALL);
  return ok(plugin === undefined ? `docker-compose: ${first}` : `docker compose: ${first}`);
}
