import type Docker from "dockerode";
import { engineError, engineMessage, isGone, statusOf } from "../api-errors.ts";

/** SIGKILL and removal; content when it is gone already, or is being removed by somebody else: then it waits for that. */
export async function removeContainer(docker: Docker, id: string): Promise<void> {
  const container = docker.getContainer(id);
  try {
    // `v` is for anonymous volumes: a named one, which is what machines keep their data in, stays.
    await container.remove({ force: true, v: true });
  } catch (error) {
    if (isGone(error)) return;
    if (statusOf(error) !== 409) throw engineError(`remove container ${id.slice(0, 12)}`, error);
    await container.wait({ condition: "removed" }).catch((failure: unknown) => {
      if (!isGone(failure)) throw failure;
    });
  }
}

/** Content when it is gone already. */
export async function removeVolume(docker: Docker, name: string): Promise<void> {
  try {
    await docker.getVolume(name).remove();
  } catch (error) {
    if (!isGone(error)) throw engineError(`remove volume ${name}`, error);
  }
}

/**
 * Removes a network whose containers are gone. Returns what keeps it if it cannot be removed, and never throws for
 * that: on Docker 20.10 the endpoint of a container whose removal raced another one's can stay behind. Some of these
 * a forced disconnect takes away; the others only a restart of the engine, and no run may fail because of them.
 */
export async function removeNetwork(docker: Docker, id: string): Promise<{ readonly kept?: string }> {
  const network = docker.getNetwork(id);
  const first = await tryRemove(network);
  if (first === undefined) return {};
  const endpoints = await network.inspect().then(
    ({ Containers: containers }) => Object.values(containers ?? {}).map((endpoint) => endpoint.Name),
    () => [],
  );
  await Promise.allSettled(endpoints.map((name) => network.disconnect({ Container: name, Force: true })));
  const second = await tryRemove(network);
  return second === undefined ? {} : { kept: second };
}

async function tryRemove(network: Docker.Network): Promise<string | undefined> {
  try {
    await network.remove();
    return undefined;
  } catch (error) {
    return isGone(error) ? undefined : engineMessage(error);
  }
}
