import type { Machine, MachineSpec } from "../../engine.ts";
import { EnvironmentError } from "../../../errors.ts";
import { putFile } from "./archive.ts";
import { execIn } from "./exec.ts";
import { fall } from "./fall.ts";
import { cut, heal, pause, resume } from "./faults.ts";
import { inspect, stateOf } from "./inspect.ts";
import { kill, restart, start, stop } from "./lifecycle.ts";
import { create, recreate } from "./recreate.ts";
import type { MachineHost, MachineRecord } from "./record.ts";

export interface DockerMachine extends Machine {
  /** Resolves once the last line has been told; to be called when its container is gone. */
  lastLine(): Promise<void>;
  /** Whether what it prints, if it has been started, still arrives. */
  isHeard(): boolean;
}

/** A container, not started, and the verbs for it. */
export async function createMachine(host: MachineHost, spec: MachineSpec): Promise<DockerMachine> {
  const record: MachineRecord = {
    host,
    spec,
    address: host.nextAddress(),
    container: undefined,
    disks: 1,
    attached: undefined,
    lastLines: [],
    cut: false,
    down: true,
  };
  await create(record);
  return machineOf(record);
}

/** The verbs for a machine of which that much is known. */
export function machineOf(record: MachineRecord): DockerMachine {
  const { host, spec } = record;
  return {
    name: spec.name,
    start: () => start(record),
    kill: () => kill(record),
    stop: ({ graceMs }) => stop(record, graceMs),
    restart: ({ graceMs }) => restart(record, graceMs),
    recreate: ({ identity }) => recreate(record, identity),
    pause: () => pause(record),
    resume: () => resume(record),
    cut: () => cut(record),
    heal: () => heal(record),
    exec: async (argv, options) => await execIn(host, there(record), spec.name, argv, options),
    putFile: async (path, text) => await putFile(there(record), spec.name, path, text),
    state: async () => stateOf(await inspect(record)),
    fell: async () => await fall(record),
    lastLine: async () => {
      await record.attached?.overWithin(5_000);
    },
    isHeard: () => record.attached?.isOpen() ?? true,
  };
}

function there({ container, spec }: MachineRecord) {
  if (container !== undefined) return container;
  throw new EnvironmentError({
    wanted: `reach ${spec.name}`,
    seen: "it was killed and not recreated",
    mend: `repro recreate ${spec.name}`,
  });
}
