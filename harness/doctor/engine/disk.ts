import { asBytes, GB, MB } from "../bytes.ts";
import { question, type Examination } from "../examination.ts";
import { broken, note, ok, type Judgement } from "../finding.ts";
import type { Host } from "../host.ts";
import { type EngineSeen, isHere } from "./character.ts";

export interface EngineDisk {
  readonly folder: string;
  /** Undefined where it cannot be seen from here. */
  readonly freeBytes: number | undefined;
  readonly storageDriver: string;
}

export function engineDisk(seen: EngineSeen, host: Host): Examination<EngineDisk> {
  return question({
    id: "engine-disk",
    asks: "Is there room where the engine keeps images and volumes?",
    why: "An image or a container that finds no room ends a run with exit code 3; a broker or a database that finds none breaks in the middle of it.",
    mend: "docker system df",
    ask: async () => {
      const { rootFolder: folder, storageDriver } = seen.about;
      const freeBytes = isHere(seen) && folder !== "" ? await host.freeBytes(folder) : undefined;
      return { folder, freeBytes, storageDriver };
    },
    judge: judgeEngineDisk,
  });
}

/** All images have some 150 MB, and a base is there twice while it is imported. Where every container is a copy, a stack of four. */
const LEAST = { shared: 500 * MB, copied: 1 * GB };
/** Some stacks side by side, and images of a day's changes. */
const ENOUGH = { shared: 2 * GB, copied: 10 * GB };

export function judgeEngineDisk({ folder, freeBytes, storageDriver }: EngineDisk): Judgement {
  if (freeBytes === undefined)
    return note(`${folder} cannot be seen from here`, `on the engine's machine: df -h ${folder}`);
  const seen = `${asBytes(freeBytes)} free for ${folder}`;
  const way = storageDriver === "vfs" ? "copied" : "shared";
  const mend = "docker system df, then: docker system prune";
  if (freeBytes < LEAST[way]) return broken(`${seen}; images and a stack need ${asBytes(LEAST[way])}`, mend);
  if (freeBytes < ENOUGH[way])
    return note(`${seen}; several runs at once may need ${asBytes(ENOUGH[way])}`, mend);
  return ok(seen);
}
