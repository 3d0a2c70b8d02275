import { EnvironmentError } from "../../../errors.ts";
import type { MachineLine, Stack, StackSpec } from "../../engine.ts";
import { KEPT, LABELS } from "../labels.ts";
import { assembleStack, networkName, type StackPorts } from "../stack.ts";
import { machineOf } from "../stack/machine.ts";
import type { MachineRecord } from "../stack/record.ts";
import { subnetFrom } from "../stack/subnets.ts";
import { fetchLog, followLog, inOrder, machineLine } from "./container-log.ts";
import { findStanding, killed, type FoundMachine, type FoundStack } from "./find.ts";
import { createResumption } from "./stamped.ts";

export interface StandingPorts extends StackPorts {
  /** How far the engine's clock is ahead of ours. */
  readonly skewMs: number;
}

/** So much of each machine's past is enough to know who is who; a broker's trace of a whole night is not needed. */
const PAST_LINES = 20_000;

/** A stack that is there already, with the verbs of one that was just opened. */
export async function reopenStack(
  ports: StandingPorts,
  spec: StackSpec,
  { isHeard }: { readonly isHeard: boolean },
): Promise<Stack> {
  const found = (await findStanding(ports.docker)).find(({ runId }) => runId === spec.runId);
  if (found === undefined) throw noLonger(spec.runId);
  const { network } = found;
  const subnet = subnetFrom(network.IPAM?.Config?.[0]?.Subnet);
  if (subnet === undefined) throw noLonger(spec.runId);
  const images = await imagesOf(ports, found);
  const { stack, host, adopt } = assembleStack(
    { ...ports, imageId: images },
    {
      run: { runId: spec.runId, owner: KEPT },
      network: { id: network.Id, name: network.Name, subnet },
      // Each machine has the address of its place; those that come later get the ones after.
      firstAddress: spec.machines.length,
    },
  );
  const taken = new Set(found.found.map(({ ownAddress }) => ownAddress));
  const freeAddress = (index: number) => {
    const own = subnet.address(index);
    if (own !== undefined && !taken.has(own)) return own;
    for (;;) {
      const next = host.nextAddress();
      if (!taken.has(next)) return next;
    }
  };
  const records = spec.machines.map((machine, index): MachineRecord => {
    const it = found.found.find(({ name }) => name === machine.name) ?? killed(machine.name, undefined);
    const address = it.ownAddress ?? freeAddress(index);
    taken.add(address);
    return recordOf(it, { host, spec: machine, address });
  });
  for (const record of records) adopt(machineOf(record));
  if (!isHeard) return stack;
  const past = await hear(ports, records);
  return {
    ...stack,
    onLine: (listener) => {
      for (const line of past) listener(line);
      stack.onLine(listener);
    },
  };
}

function recordOf(
  found: FoundMachine,
  at: Pick<MachineRecord, "host" | "spec"> & { readonly address: string },
): MachineRecord {
  const { containerId, state, disks } = found;
  return {
    ...at,
    container: containerId === undefined ? undefined : at.host.docker.getContainer(containerId),
    disks: disks ?? 1,
    attached: undefined,
    lastLines: [],
    cut: (state === "running" || state === "paused") && found.address === undefined,
    // Who stopped it is not known any more; that it fell over by itself was seen then, or is in its log.
    down: state !== "running" && state !== "paused",
  };
}

/** What all of them have printed, in order; from now on the stack tells what they print. */
async function hear(
  ports: StandingPorts,
  records: readonly MachineRecord[],
): Promise<readonly MachineLine[]> {
  const { clock, skewMs } = ports;
  const past = await Promise.all(
    records.map(async (record) => {
      const { container, spec, host } = record;
      if (container === undefined) return [];
      const lines = await fetchLog(container, spec.name, { tail: PAST_LINES });
      const resumption = createResumption(lines.map(({ line }) => line));
      if (!record.down) {
        record.attached = await followLog(container, spec.name, { clock, resumption }, (line) =>
          host.tellLine(machineLine(line, skewMs)),
        );
      }
      return lines;
    }),
  );
  return inOrder(past).map((line) => machineLine(line, skewMs));
}

/** By `ImageSource.key`: what its machines were made of, whatever the sources here are by now. */
async function imagesOf(
  { docker }: StandingPorts,
  { network, runId }: FoundStack,
): Promise<(key: string) => string> {
  const ids = JSON.parse(network.Labels?.[LABELS.images] ?? "{}") as Record<string, string>;
  const there = await Promise.all(
    Object.entries(ids).map(([key, id]) =>
      docker
        .getImage(id)
        .inspect()
        .then(
          () => [[key, id] as const],
          () => [],
        ),
    ),
  );
  const present = new Map(there.flat());
  return (key) => {
    const id = present.get(key);
    if (id !== undefined) return id;
    throw new EnvironmentError({
      wanted: `make a machine of the stack ${runId} anew`,
      seen: `the image that it was made of is gone (${key}, ${ids[key] ?? "not noted"})`,
      mend: `repro down --name ${runId}; repro up --name ${runId}`,
    });
  };
}

function noLonger(runId: string): EnvironmentError {
  return new EnvironmentError({
    wanted: `go on with the stack ${runId}`,
    seen: `the network ${networkName(runId)} is not there, or not as it was made`,
    mend: "repro ps",
  });
}
