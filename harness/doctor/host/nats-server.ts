import { delimiter, dirname } from "node:path";
import { installedNats } from "../../engines/docker/bases/installed.ts";
import { question, type Examination } from "../examination.ts";
import { note, ok, type Judgement } from "../finding.ts";
import type { Host } from "../host.ts";

export interface NatsServer {
  /** Undefined where there is none. */
  readonly file: string | undefined;
  /** What it says of itself; undefined if it does not even do that. */
  readonly says: string | undefined;
  readonly isOnPath: boolean;
}

export function natsServer(host: Host): Examination<NatsServer> {
  return question({
    id: "nats-server",
    asks: "Is a nats-server installed here?",
    why: "The broker's image is assembled from it where the engine has no public one, and the tests of the bus hold the simulated broker against it.",
    mend: INSTALL,
    isOptional: true,
    ask: async (signal): Promise<NatsServer> => {
      const path = host.env["PATH"] ?? "";
      const found = await installedNats(path);
      if ("no" in found) return { file: undefined, says: undefined, isOnPath: false };
      // The title is the path under which it was found; the file may be where a link leads to.
      const file = found.title;
      const says = await host.run(file, ["--version"], signal);
      return { file, says, isOnPath: path.split(delimiter).includes(dirname(file)) };
    },
    judge: judgeNatsServer,
  });
}

const INSTALL = "apt-get install --no-install-recommends nats-server";

export function judgeNatsServer({ file, says, isOnPath }: NatsServer): Judgement {
  if (file === undefined)
    return note(
      "none; the broker's image needs a public one then, and the tests of the bus are skipped",
      INSTALL,
    );
  const version = /v?(?<version>\d+\.\d+\.\d+\S*)/.exec(says ?? "")?.groups?.["version"];
  if (version === undefined) return note(`${file} does not say its version (${says ?? "it fails"})`, INSTALL);
  if (!version.startsWith("2.")) return note(`${version} (${file}); only 2 has been tried`, INSTALL);
  if (!isOnPath)
    return note(
      `${version}, in ${dirname(file)}, which is not on the PATH: the tests of the bus are skipped`,
      `export PATH="$PATH:${dirname(file)}"`,
    );
  return ok(`${version} (${file})`);
}
