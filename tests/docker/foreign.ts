import type Docker from "dockerode";
import { createDockerEngine } from "../../harness/engines/docker/docker-engine.ts";
import { KEPT, runLabels } from "../../harness/engines/docker/labels.ts";
import { formatOwner, ownOwner, parseOwner } from "../../harness/engines/docker/owner.ts";
import { bundledSystem } from "../../harness/systems/bundled/bundled.ts";
import { PROFILES } from "../../harness/timing/profile.ts";
import { aRunId, type FoundEngine, REPOSITORY } from "./engine.ts";

/** What no clean-up may touch: somebody's own things, and the run of a harness that lives. */
export interface Foreign extends AsyncDisposable {
  /** How many things there are. */
  readonly count: number;
  /** What has happened to them; empty as long as nothing has. */
  harm(): Promise<readonly string[]>;
}

/**
 * Puts them there: a container, network and volume of somebody's own (the container from an image of ours, whose labels
 * it has), a running stack of this process, a kept run of a dead one, a volume of another host's.
 */
export async function putForeign(found: FoundEngine): Promise<Foreign> {
  const { docker } = found;
  const engine = await createDockerEngine({ ...found, repository: REPOSITORY });
  await engine.prepare(bundledSystem.images, () => {});
  const image = engine.imageIds!.get("nats")!;
  const name = `somebody-${aRunId()}`;
  const own = await ownOwner();
  const dead = formatOwner({ ...parseOwner(own)!, pid: 2 ** 22 + 1, startedAt: "1" });
  const keptRun = aRunId();

  // Whatever fails on the way takes what is there already with it.
  await using made = new AsyncDisposableStack();
  const volume = async (Name: string, Labels: Record<string, string> = {}) => {
    await docker.createVolume({ Name, Labels });
    made.defer(() => docker.getVolume(Name).remove());
    return Name;
  };
  const volumes = [
    await volume(name),
    await volume(`${name}-elsewhere`, runLabels({ runId: aRunId(), owner: "another-host/1/1" })),
    await volume(`repro-${keptRun}-data`, runLabels({ runId: keptRun, owner: dead })),
    await volume(`repro-${keptRun}-kept`, runLabels({ runId: keptRun, owner: KEPT })),
  ];
  const { id: network } = await docker.createNetwork({ Name: name });
  made.defer(() => docker.getNetwork(network).remove());
  const container = await docker.createContainer({
    name,
    Image: image,
    HostConfig: { NetworkMode: name, Mounts: [{ Type: "volume", Source: name, Target: "/data" }] },
  });
  made.defer(() => container.remove({ force: true }));
  await container.start();

  const shape = { edges: 1, timing: PROFILES["fast"]!.timing, fix: "none" };
  const livingRun = aRunId();
  const { secrets } = bundledSystem;
  const machines = bundledSystem.machines(shape);
  const stack = made.use(await engine.openStack({ runId: livingRun, machines, secrets }));
  await Promise.all(stack.machines().map((machine) => machine.start()));

  const containers = [name, ...stack.machines().map((machine) => `repro-${livingRun}-${machine.name}`)];
  const networks = [network, `repro-${livingRun}`];
  const look = async () => {
    const states = await Promise.all([
      ...containers.map(async (of) => [`container ${of}`, await stateOfContainer(docker, of)] as const),
      ...networks.map(async (of) => [`network ${of}`, await stateOfNetwork(docker, of)] as const),
      ...volumes.map(async (of) => [`volume ${of}`, await stateOfVolume(docker, of)] as const),
    ]);
    return new Map(states);
  };
  const before = await look();
  const all = made.move();
  return {
    count: before.size,
    async harm() {
      const after = await look();
      return [...before]
        .filter(([of, state]) => after.get(of) !== state)
        .map(([of, state]) => `${of}: ${state}, now ${after.get(of)}`);
    },
    [Symbol.asyncDispose]: () => all[Symbol.asyncDispose](),
  };
}

async function stateOfContainer(docker: Docker, of: string): Promise<string> {
  const info = await docker.getContainer(of).inspect();
  const { Status: status, StartedAt: startedAt } = info.State;
  const networks = Object.entries(info.NetworkSettings.Networks).map(
    ([on, { EndpointID: id }]) => `${on} ${id}`,
  );
  return [info.Id, status, startedAt, ...networks].join(" ");
}

async function stateOfNetwork(docker: Docker, of: string): Promise<string> {
  const info = await docker.getNetwork(of).inspect();
  return [info.Id, ...Object.keys(info.Containers ?? {}).toSorted()].join(" ");
}

async function stateOfVolume(docker: Docker, of: string): Promise<string> {
  const info = (await docker.getVolume(of).inspect()) as { Name: string; CreatedAt?: string };
  return `${info.Name} ${info.CreatedAt}`;
}
