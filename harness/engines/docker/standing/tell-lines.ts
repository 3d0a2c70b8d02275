import type { Readable } from "node:stream";
import type { LinesWanted } from "../../engine.ts";
import { engineError, wanting } from "../api-errors.ts";
import { jsonLines } from "../json-lines.ts";
import { LABELS } from "../labels.ts";
import type { AttachedLog } from "../logs.ts";
import { fetchLog, followLog, inOrder, machineLine } from "./container-log.ts";
import { findStanding } from "./find.ts";
import type { StandingPorts } from "./reopen.ts";
import { createResumption, type Resumption } from "./stamped.ts";

/** What is known of a container whose lines are told. */
interface Told {
  readonly machine: string;
  readonly resumption: Resumption;
  log: AttachedLog | undefined;
  /** One reading after the other: a container that is started again is read on once it has ended. */
  turn: Promise<void>;
}

/** The engine remembers its last events: those since just before we asked are told as well, so that none is missed. */
const EVENTS_FROM_SEC = 2;

/** Tells the lines of a stack's machines; one that is started again or recreated, by whomever, is listened to again. */
export async function tellLines(ports: StandingPorts, runId: string, wanted: LinesWanted): Promise<void> {
  const { docker, skewMs } = ports;
  const isWanted = (machine: string | undefined) =>
    machine !== undefined && wanted.machines.includes(machine);
  const since = wanted.sinceMs === undefined ? undefined : new Date(wanted.sinceMs + skewMs).toISOString();
  const told = new Map<string, Told>();
  // Asked for before the past is read: a machine that starts meanwhile is not missed.
  const events = wanted.follows ? await watchEvents(ports) : undefined;
  try {
    const stack = (await findStanding(docker)).find((found) => found.runId === runId);
    const past = await Promise.all(
      (stack?.found ?? []).map(async ({ name, containerId: id }) => {
        if (id === undefined || !isWanted(name)) return [];
        const lines = await fetchLog(docker.getContainer(id), name, { since });
        told.set(
          id,
          toldOf(
            name,
            lines.map(({ line }) => line),
          ),
        );
        return lines;
      }),
    );
    for (const line of inOrder(past)) wanted.onLine(machineLine(line, skewMs));
    if (events !== undefined && stack !== undefined)
      await followAll(ports, { told, events, since, networkId: stack.network.Id, runId, isWanted }, wanted);
  } finally {
    events?.destroy();
    for (const { log } of told.values()) log?.drop();
  }
}

function toldOf(machine: string, lines: Parameters<typeof createResumption>[0]): Told {
  return { machine, resumption: createResumption(lines), log: undefined, turn: Promise.resolve() };
}

/** Goes on until the stack is removed, or the signal says so. */
async function followAll(
  { docker, clock, skewMs }: StandingPorts,
  at: {
    readonly told: Map<string, Told>;
    readonly events: Readable;
    readonly since: string | undefined;
    readonly networkId: string;
    readonly runId: string;
    readonly isWanted: (machine: string | undefined) => boolean;
  },
  { signal, onLine }: LinesWanted,
): Promise<void> {
  const { told, events, since, networkId, runId, isWanted } = at;
  let failure: { readonly error: unknown } | undefined;
  const follow = async (id: string, of: Told) => {
    if (signal.aborted) return;
    const { machine, resumption } = of;
    of.log = await followLog(docker.getContainer(id), machine, { clock, resumption, since }, (line) =>
      onLine(machineLine(line, skewMs)),
    );
    await of.log?.over;
  };
  const readOn = (id: string, machine: string) => {
    const of = told.get(id) ?? toldOf(machine, []);
    told.set(id, of);
    of.turn = of.turn
      .then(() => follow(id, of))
      .catch((error: unknown) => {
        failure ??= { error };
        events.destroy();
      });
  };
  const stop = () => events.destroy();
  signal.addEventListener("abort", stop, { once: true });
  try {
    if (signal.aborted) return;
    for (const [id, { machine }] of told) readOn(id, machine);
    for await (const event of jsonLines(events)) {
      const { Type: type, Action: action, Actor: actor } = event as EngineEvent;
      if (type === "network" && action === "destroy" && actor.ID === networkId) break;
      const { [LABELS.run]: run, [LABELS.machine]: machine = "" } = actor.Attributes;
      if (type === "container" && action === "start" && run === runId && isWanted(machine))
        readOn(actor.ID, machine);
    }
    // What is left to be told comes before the end.
    await Promise.all([...told.values()].map(({ turn }) => turn));
  } catch (error) {
    if (!signal.aborted && failure === undefined) throw engineError("see which machines are started", error);
  } finally {
    signal.removeEventListener("abort", stop);
  }
  if (failure !== undefined && !signal.aborted) throw failure.error;
}

interface EngineEvent {
  readonly Type: string;
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
}

async function watchEvents({ docker, clock, skewMs }: StandingPorts): Promise<Readable> {
  const since = Math.floor((clock.nowMs() + skewMs) / 1_000) - EVENTS_FROM_SEC;
  const filters = { type: ["container" as const, "network" as const], event: ["start", "destroy"] };
  return (await wanting("see which machines are started", docker.getEvents({ since, filters }))) as Readable;
}
