import type { Readable } from "node:stream";
import type Docker from "dockerode";
import type { HarnessClock } from "../../../time/clock.ts";
import { jsonLines } from "../json-lines.ts";

/**
 * How an exec ended, from the engine's events: some engines close its stream a moment before they note its exit code.
 * Undefined if that is not told `withinMs` either.
 */
export async function exitFromEvents(
  { docker, clock }: { readonly docker: Docker; readonly clock: HarnessClock },
  at: { readonly containerId: string; readonly execId: string; readonly withinMs: number },
): Promise<number | undefined> {
  const events = (await docker.getEvents({
    // From the beginning of what the engine remembers: the event may have happened before we asked.
    since: 1,
    filters: { container: [at.containerId], event: ["exec_die"] },
  })) as Readable;
  const late = clock.after(at.withinMs, () => events.destroy());
  try {
    for await (const event of jsonLines(events)) {
      const attributes = (event as { Actor?: { Attributes?: Record<string, string> } }).Actor?.Attributes;
      if (attributes?.["execID"] === at.execId) return Number(attributes["exitCode"]);
    }
    return undefined;
  } catch (error) {
    if (events.destroyed) return undefined;
    throw error;
  } finally {
    late.cancel();
    events.destroy();
  }
}
