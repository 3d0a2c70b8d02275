import type Docker from "dockerode";
import { engineError, engineMessage, isGone, SILENT, statusOf } from "../api-errors.ts";
import { ANSWER_LIMIT_MS, within } from "../discovery/connect.ts";

/** SIGKILL and removal; content when it is gone already, or is being removed by somebody else: then it waits for that. */
export async function removeContainer(docker: Docker, id: string): Promise<void> {
  const container = docker.getContainer(id);
  const wanted = `remove container ${id.slice(0, 12)}`;
  try {
    // `v` is for anonymous volumes: a named one, which is what machines keep their data in, stays.
    await container.remove({ force: true, v: true });
  } catch (error) {
    if (isGone(error)) return;
    if (statusOf(error) !== 409) throw engineError(wanted, error);
    await container
      .wait(within(ANSWER_LIMIT_MS, { condition: "removed" as const }))
      .catch((failure: unknown) => {
        if (!isGone(failure)) throw engineError(wanted, failure);
      });
  }
}

/** Only itself: what it was built upon may be somebody's. Content when it is gone already. */
export async function removeImage(docker: Docker, id: string): Promise<void> {
  try {
    await docker.getImage(id).remove({ noprune: true });
  } catch (error) {
    if (!isGone(error)) throw engineError(`remove image ${id}`, error);
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
 * A container that somebody has put on it is theirs, and so is left there.
 */
export async function removeNetwork(docker: Docker, id: string): Promise<{ readonly kept?: string }> {
  const network = docker.getNetwork(id);
  const first = await tryRemove(network);
  if (first === undefined) return {};
  // It would not answer anything else about it, either.
  if (first === SILENT) return { kept: first };
  const info = await network.inspect().catch(() => undefined);
  const endpoints = Object.entries(info?.Containers ?? {});
  const names = endpoints.map(([, { Name: name }]) => name);
  const there = await Promise.all(endpoints.map(([container]) => isThere(docker, container)));
  const user = names.find((_, at) => there[at]);
  if (user !== undefined) return { kept: `in use: docker network disconnect ${info?.Name} ${user}` };
  await Promise.allSettled(names.map((name) => network.disconnect({ Container: name, Force: true })));
  const second = await tryRemove(network);
  return second === undefined ? {} : { kept: `${second}: the engine lets go of it when it is restarted` };
}

/** Whatever may be there is: of what is not sure to be a rest nothing is taken away. */
async function isThere(docker: Docker, container: string): Promise<boolean> {
  try {
    await docker.getContainer(container).inspect();
    return true;
  } catch (error) {
    return !isGone(error);
  }
}

async function tryRemove(network: Docker.Network): Promise<string | undefined> {
  try {
    await network.remove();
    return undefined;
  } catch (error) {
    return isGone(error) ? undefined : engineMessage(error);
  }
}
