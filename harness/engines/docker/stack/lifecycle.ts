import { UsageError } from "../../../errors.ts";
import type { FaultProof } from "../../engine.ts";
import { engineError, isGone, statusOf, wanting } from "../api-errors.ts";
import { ANSWER_LIMIT_MS, within } from "../discovery/connect.ts";
import { type AttachedLog, attachLog } from "../logs.ts";
import { LAST_LINES } from "./fall.ts";
import { addressOn, describeState, inspect, stateOf } from "./inspect.ts";
import { endpoint, isStaleEndpoint } from "./network.ts";
import { type MachineRecord, shortId } from "./record.ts";
import { removeContainer } from "./removal.ts";

/** How long a log may stay open once its container has ended, before it is given up. */
const LOG_END_MS = 5_000;

/** Starts the machine's container, listening to its log first. */
export async function start(machine: MachineRecord): Promise<void> {
  const { host, spec, container } = machine;
  const { name } = spec;
  if (container === undefined)
    throw new UsageError(`${name} was killed: recreate it, there is nothing to start`);
  // Docker would put it back on the network, and the cut would be healed without a word.
  if (machine.cut) throw new UsageError(`${name} is cut off: heal it before it is started again`);
  const attached = await attachLog(container, name, {
    clock: host.clock,
    onLine: (line) => {
      machine.lastLines = [...machine.lastLines, line.text].slice(-LAST_LINES);
      host.tellLine({ machine: name, ...line, atMs: host.clock.nowMs() });
    },
  });
  machine.lastLines = [];
  void warnIfBroken(machine, attached);
  try {
    await container.start().catch((error: unknown) => startPastStaleEndpoint(machine, error));
  } catch (error) {
    attached.drop();
    throw engineError(`start ${name}`, error);
  }
  machine.attached = attached;
  machine.down = false;
}

export async function kill(machine: MachineRecord): Promise<FaultProof> {
  const { host, spec, container } = machine;
  if (container === undefined) return { bit: false, seen: `${spec.name} was not there` };
  const before = await inspect(machine);
  await removeContainer(host.docker, container.id);
  await endOfLog(machine);
  const after = await inspect(machine);
  const crashed = stateOf(before) === "exited" && !machine.down;
  machine.container = undefined;
  machine.cut = false;
  machine.down = true;
  const id = shortId(container);
  if (after !== undefined) return { bit: false, seen: `container ${id} is still ${describeState(after)}` };
  const was = `container ${id} ${describeState(before)}`;
  return crashed
    ? { bit: false, seen: `${was} by itself before it was killed` }
    : { bit: true, seen: `${was}, then gone` };
}

export async function stop(machine: MachineRecord, graceMs: number): Promise<FaultProof> {
  const { container } = machine;
  const before = await inspect(machine);
  if (container === undefined || stateOf(before) === "created" || stateOf(before) === "exited") {
    return { bit: false, seen: `nothing to stop: ${describeState(before)}` };
  }
  const { signal, tookMs } = await end(machine, graceMs);
  machine.down = true;
  await endOfLog(machine);
  const after = await inspect(machine);
  return { bit: stateOf(after) === "exited", seen: `${describeState(after)}, ${tookMs} ms after ${signal}` };
}

export async function restart(machine: MachineRecord, graceMs: number): Promise<FaultProof> {
  // Before anything is stopped: what cannot be started again is to be left as it is.
  if (machine.cut) throw new UsageError(`${machine.spec.name} is cut off: heal it before it is restarted`);
  const before = await inspect(machine);
  const stopped = await stop(machine, graceMs);
  if (!stopped.bit) return stopped;
  await start(machine);
  const after = await inspect(machine);
  return {
    bit: stateOf(after) === "running" && after?.State.StartedAt !== before?.State.StartedAt,
    seen: `${stopped.seen}; started again, process ${before?.State.Pid} → ${after?.State.Pid}, ${describeState(after)}`,
  };
}

/** SIGTERM, and SIGKILL when that is not followed in time; resolves once the container has stopped. */
async function end(machine: MachineRecord, graceMs: number): Promise<{ signal: string; tookMs: number }> {
  const { host, spec } = machine;
  const fromMs = host.clock.nowMs();
  // Asked before the signal is sent, so the end cannot be missed.
  const stopped = wanting(
    `see ${spec.name} stop`,
    machine.container!.wait(within(graceMs + ANSWER_LIMIT_MS, {})),
  );
  let signal = graceMs > 0 ? "SIGTERM" : "SIGKILL";
  let killing: Promise<void> = Promise.resolve();
  const timer = host.clock.after(graceMs, () => {
    if (signal === "SIGKILL") return;
    signal = "SIGTERM, then SIGKILL";
    killing = sendSignal(machine, "SIGKILL");
  });
  try {
    await Promise.all([stopped, sendSignal(machine, signal)]);
  } finally {
    timer.cancel();
  }
  await killing;
  return { signal, tookMs: host.clock.nowMs() - fromMs };
}

/** To one that has ended already there is nothing to send. */
async function sendSignal({ container, spec }: MachineRecord, signal: string): Promise<void> {
  try {
    await container?.kill({ signal });
  } catch (error) {
    if (statusOf(error) !== 409 && !isGone(error)) throw engineError(`send ${signal} to ${spec.name}`, error);
  }
}

async function warnIfBroken({ host, spec }: MachineRecord, attached: AttachedLog): Promise<void> {
  const { broke } = await attached.over;
  if (broke !== undefined) host.warn(`lines of ${spec.name} may be missing: its log broke off (${broke})`);
}

/** Lines on their way when the container ended are told before its end is. */
async function endOfLog(machine: MachineRecord): Promise<void> {
  await machine.attached?.overWithin(LOG_END_MS);
  machine.attached = undefined;
}

/**
 * Docker 20.10 now and then keeps the endpoint of a removed container, and with it the address or the name that its
 * successor is to have. A forced disconnect often frees it; where it does not, another address must do.
 */
async function startPastStaleEndpoint(machine: MachineRecord, error: unknown): Promise<void> {
  const { host, spec } = machine;
  const container = machine.container!;
  if (!isStaleEndpoint(error)) throw error;
  const network = host.docker.getNetwork(host.network.id);
  const rejoin = async (address: string) => {
    const info = await container.inspect();
    await network.disconnect({ Container: info.Name.replace(/^\//, ""), Force: true }).catch(() => {});
    await network.connect({ Container: container.id, EndpointConfig: endpoint(address, spec.name) });
    await container.start();
    machine.address = addressOn(await inspect(machine), host.network.name) ?? address;
  };
  try {
    await rejoin(machine.address);
    host.warn(`${spec.name}: freed an endpoint that the engine had kept of its predecessor`);
  } catch (again) {
    if (!isStaleEndpoint(again)) throw again;
    const old = machine.address;
    await rejoin(host.nextAddress());
    host.warn(`${spec.name}: the engine still holds its address ${old}, it has ${machine.address} now`);
  }
}
