import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type Docker from "dockerode";

/**
 * How an exec ended, from the engine's events: some engines close its stream a moment before they note its exit code.
 * Undefined if that is not told `withinMs` either.
 */
export async function exitFromEvents(
  docker: Docker,
  at: { readonly containerId: string; readonly execId: string; readonly withinMs: number },
): Promise<number | undefined> {
  const events = (await docker.getEvents({
    // From the beginning of what the engine remembers: the event may have happened before we asked.
    since: 1,
    filters: { container: [at.containerId], event: ["exec_die"] },
  })) as Readable;
  const late = setTimeout(() => events.destroy(), at.withinMs);
  try {
    for await (const line of createInterface({ input: events })) {
      const attributes = (JSON.parse(line) as { Actor?: { Attributes?: Record<string, string> } }).Actor
        ?.Attributes;
      if (attributes?.["execID"] === at.execId) return Number(attributes["exitCode"]);
    }
    return undefined;
  } finally {
    clearTimeout(late);
    events.destroy();
  }
}
