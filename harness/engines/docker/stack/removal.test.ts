import type Docker from "dockerode";
import { describe, expect, it } from "vitest";
import { removeContainer, removeNetwork, removeVolume } from "./removal.ts";

describe("removing a container", () => {
  it("is content when it is gone already", async () => {
    const container = { remove: () => refuse(404, "No such container") };
    await expect(removeContainer(engine({ container }), "c1")).resolves.toBeUndefined();
  });

  it("waits for a removal that is under way", async () => {
    const asked: unknown[] = [];
    const container = {
      remove: () => refuse(409, "removal of container c1 is already in progress"),
      wait: async (options: unknown) => asked.push(options),
    };
    await removeContainer(engine({ container }), "c1");
    expect(asked).toEqual([{ condition: "removed", abortSignal: expect.any(AbortSignal) }]);
  });

  it("says what the engine said when it cannot", async () => {
    const container = { remove: () => refuse(500, "device or resource busy") };
    await expect(removeContainer(engine({ container }), "c1")).rejects.toThrow(
      "remove container c1: device or resource busy",
    );
  });
});

it("a volume in use is an error, one that is gone is not", async () => {
  await removeVolume(engine({ volume: { remove: () => refuse(404, "no such volume") } }), "v");
  const busy = removeVolume(engine({ volume: { remove: () => refuse(409, "volume is in use") } }), "v");
  await expect(busy).rejects.toThrow("remove volume v: volume is in use");
});

describe("removing a network with an endpoint that the engine forgot to remove", () => {
  it("takes the endpoint away by force", async () => {
    const { network, container, done } = staleNetwork({ heals: true });
    expect(await removeNetwork(engine({ network, container }), "n")).toEqual({});
    expect(done).toEqual(["remove", "disconnect ghost by force", "remove"]);
  });

  it("says what keeps it where even that does not help, and does not fail", async () => {
    const { network, container } = staleNetwork({ heals: false });
    expect(await removeNetwork(engine({ network, container }), "n")).toEqual({
      kept: "network n has active endpoints: the engine lets go of it when it is restarted",
    });
  });
});

it("a network that somebody else's container is on stays, and so does that container", async () => {
  const { network, done } = staleNetwork({ heals: true });
  const container = { inspect: async () => ({ Id: "abc" }) };
  expect(await removeNetwork(engine({ network, container }), "n")).toEqual({
    kept: "in use: docker network disconnect repro-x ghost",
  });
  expect(done).toEqual(["remove"]);
});

function staleNetwork({ heals }: { heals: boolean }) {
  const done: string[] = [];
  let stale = true;
  const network = {
    async remove() {
      done.push("remove");
      if (stale) await refuse(403, "network n has active endpoints");
    },
    inspect: async () => ({ Name: "repro-x", Containers: { abc: { Name: "ghost" } } }),
    async disconnect({ Container: name, Force: force }: { Container: string; Force: boolean }) {
      done.push(`disconnect ${name}${force ? " by force" : ""}`);
      stale = !heals;
    },
  };
  const container = { inspect: () => refuse(404, "No such container: abc") };
  return { network, container, done };
}

function engine(fakes: { container?: object; network?: object; volume?: object }): Docker {
  return {
    getContainer: () => fakes.container,
    getNetwork: () => fakes.network,
    getVolume: () => fakes.volume,
  } as unknown as Docker;
}

async function refuse(statusCode: number, message: string): Promise<never> {
  throw Object.assign(new Error(`(HTTP code ${statusCode}) whatever - ${message} `), {
    statusCode,
    json: { message },
  });
}
