import type Docker from "dockerode";
import { describe, expect, it } from "vitest";
import { EnvironmentError } from "../../../errors.ts";
import { runLabels } from "../labels.ts";
import { isInTheWay, refuseTakenNames, type Taken } from "./taken-names.ts";

const MACHINES = ["nats", "edge1"];
const OURS = runLabels({ runId: "default", owner: "kept" });

it.each([
  ["the network", "network", "repro-default", {}, true],
  ["the network of a stack that stands", "network", "repro-default", OURS, false],
  ["a network of a longer name", "network", "repro-default-2", {}, false],
  ["a container", "container", "repro-default-edge1", {}, true],
  ["a container of no machine", "container", "repro-default-edge11", {}, false],
  ["a disk", "volume", "repro-default-edge1-data1", {}, true],
  ["a later disk", "volume", "repro-default-nats-data12", {}, true],
  ["a volume that is no disk", "volume", "repro-default-edge1", {}, false],
] as const)("%s is in the way, or not", (_what, kind, name, labels, isIt) => {
  expect(isInTheWay({ kind, name, labels }, "repro-default", MACHINES)).toBe(isIt);
});

describe("names that are taken", () => {
  it("are told by what has them, whose it is, and how to see and remove it", async () => {
    const error = await refusal(
      { kind: "volume", name: "repro-default-edge1-data1", labels: {} },
      { kind: "container", name: "repro-default-nats", labels: { "com.docker.compose.project": "shop" } },
    );
    expect(error).toBeInstanceOf(EnvironmentError);
    expect(error).toMatchObject({
      message:
        "make the container repro-default-nats: there is one of that name, made by docker compose, project shop; " +
        "there is also volume repro-default-edge1-data1",
      mend:
        "docker container inspect repro-default-nats; if nobody needs it: docker container rm -f repro-default-nats; " +
        "or take another --name",
    });
  });

  it("are none where nothing is there, and an engine says null for it", async () => {
    expect(await refusal()).toBeUndefined();
  });
});

async function refusal(...things: readonly Taken[]): Promise<unknown> {
  const of = (wanted: Taken["kind"]) => things.filter(({ kind }) => kind === wanted);
  const volumes = of("volume").map(({ name, labels }) => ({ Name: name, Labels: labels }));
  const docker = {
    listNetworks: async () => of("network").map(({ name, labels }) => ({ Name: name, Labels: labels })),
    listContainers: async () =>
      of("container").map(({ name, labels }) => ({ Names: [`/${name}`], Labels: labels })),
    listVolumes: async () => ({ Volumes: volumes.length === 0 ? null : volumes }),
  } as unknown as Docker;
  return await refuseTakenNames(docker, "repro-default", MACHINES).catch((error: unknown) => error);
}
