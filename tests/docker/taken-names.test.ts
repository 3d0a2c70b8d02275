import { describe, expect, it } from "vitest";
import { findThings } from "../../harness/engines/docker/stack/ours.ts";
import { startRepro } from "../command.ts";
import { aRunId, dockerOrSkip } from "./engine.ts";

const found = await dockerOrSkip();

describe.skipIf(found === undefined)(
  "a stack by hand whose names are somebody's",
  { timeout: 300_000 },
  () => {
    it.each(["network", "volume"] as const)("a %s is named, and left alone", async (kind) => {
      const { docker } = found!;
      const name = aRunId();
      const theirs = kind === "network" ? `repro-${name}` : `repro-${name}-edge1-data1`;
      const thing =
        kind === "network"
          ? await docker.createNetwork({ Name: theirs })
          : await docker.createVolume({ Name: theirs }).then(() => docker.getVolume(theirs));
      await using _theirs = { [Symbol.asyncDispose]: async () => void (await thing.remove()) };
      const { exitCode, stderr } = await startRepro(["up", "--name", name]).ended;
      expect({ exitCode, stderr }).toEqual({
        exitCode: 3,
        stderr:
          `repro: make the ${kind} ${theirs}: there is one of that name, not made by this program\n` +
          `  mend: docker ${kind} inspect ${theirs}; if nobody needs it: docker ${kind} rm ${theirs}; or take another --name\n`,
      });
      expect(await findThings(docker, "run", name)).toEqual({ containers: [], networks: [], volumes: [] });
      expect(await thing.inspect()).toMatchObject({ Name: theirs });
    });
  },
);
