import { openSqliteDatabase } from "../../../controlplane/adapters/sqlite-database.ts";
import type { Database } from "../../../controlplane/ports/database.ts";
import type { ExecResult, FaultProof, Machine, MachineSpec, MachineState } from "../engine.ts";
import type { Attachment, CutDirection, Network } from "./network/network.ts";
import { createSimProcess, type SimProcess } from "./process/process.ts";
import { createSimDisk, type SimDisk } from "./process/sim-disk.ts";
import type { Command, Program, ProgramWorld } from "./programs/program.ts";
import { PACE, type Span } from "./pace.ts";
import type { RandomStream } from "./time/random-streams.ts";
import type { VirtualTime } from "./time/virtual-time.ts";

/** A simulated machine can do all that a container can, and two things more. */
export interface SimMachine extends Machine {
  /** As `kill`, and what its disk had not synced is gone. */
  losePower(): Promise<FaultProof>;
  /** Nothing gets through one way only. */
  cutOneWay(direction: Exclude<CutDirection, "both">): Promise<FaultProof>;
}

export interface MachineWorld {
  readonly time: VirtualTime;
  readonly network: Network;
  readonly streamOf: (name: string) => RandomStream;
  readonly program: Program;
  /** What `exec` can run, by the first word. */
  readonly commands: Readonly<Record<string, Command>>;
  readonly print: (machine: string, stream: "stdout" | "stderr", line: string) => void;
}

interface Volume {
  readonly disk: SimDisk;
  database: Database | undefined;
}

export function createSimMachine(world: MachineWorld, spec: MachineSpec): SimMachine {
  const { time, network } = world;
  const pace = world.streamOf(`pace ${spec.name}`);
  let state: MachineState = "created";
  let incarnation = 1;
  let volume: Volume = { disk: createSimDisk(), database: undefined };
  let process: SimProcess | undefined;
  let attachment: Attachment = network.join(spec.name);
  let terminate = (): void => {};

  const machine: SimMachine = {
    name: spec.name,
    state: () => Promise.resolve(state),
    start: async () => {
      await wait(PACE.start);
      boot();
    },
    kill: async () => {
      await wait(PACE.signal);
      die("absent");
      attachment.leave();
      await wait(PACE.remove);
      return proof(state === "absent", "process gone, machine removed");
    },
    losePower: async () => {
      await wait(PACE.signal);
      die("absent");
      attachment.leave();
      volume.disk.losePower();
      return proof(state === "absent", "power lost");
    },
    stop: async ({ graceMs }) => {
      await end(graceMs);
      return proof(state === "exited", "process ended");
    },
    restart: async ({ graceMs }) => {
      await end(graceMs);
      await wait(PACE.start);
      boot();
      return proof(state === "running", "a new process runs on the same disk");
    },
    recreate: async ({ identity }) => {
      if (state !== "absent") return proof(false, `${spec.name} is still there`);
      if (identity !== "kept") {
        const kept = identity === "wiped" ? (spec.data?.identity ?? []) : [];
        volume = { disk: volume.disk.copyOf(kept), database: undefined };
      }
      await wait(PACE.recreate);
      incarnation += 1;
      attachment = network.join(spec.name);
      boot();
      return proof(true, `a new machine with ${DISKS[identity]}`);
    },
    pause: async () => {
      await wait(PACE.freeze);
      process?.freeze();
      attachment.freeze();
      state = "paused";
      return proof(true, "frozen");
    },
    resume: async () => {
      await wait(PACE.freeze);
      state = "running";
      attachment.thaw();
      process?.thaw();
      return proof(true, "thawed");
    },
    cut: () => cut("both"),
    cutOneWay: cut,
    heal: async () => {
      await wait(PACE.network);
      attachment.heal();
      return proof(true, "back on the network under the same address");
    },
    exec: async (argv, { stdin = "" } = {}): Promise<ExecResult> => {
      await wait(PACE.execStart);
      const command = world.commands[argv[0] ?? ""];
      if (state !== "running" || process === undefined) {
        return { exitCode: 126, stdout: "", stderr: `${spec.name} is ${state}` };
      }
      if (command === undefined) return { exitCode: 127, stdout: "", stderr: `${argv[0] ?? ""}: not found` };
      const result = await command(worldOf(createSimProcess(time), `exec ${spec.name}`), argv, stdin);
      await wait(PACE.execEnd);
      return result;
    },
    putFile: async (path, text) => {
      await wait(PACE.network);
      volume.disk.write(path, text);
    },
  };
  return machine;

  function boot(): void {
    state = "running";
    const own = createSimProcess(time);
    process = own;
    own.onKill(() => attachment.close());
    const started = worldOf(own, `chance ${spec.name} ${incarnation}`);
    own.clock.after(pace.between(...PACE.boot), () => {
      terminate = world.program(started);
    });
  }

  function worldOf(own: SimProcess, chanceName: string): ProgramWorld {
    const home = volume;
    return {
      machine: spec.name,
      args: spec.args,
      env: spec.env,
      process: own,
      network: attachment,
      disk: home.disk,
      database: () => keptOpen((home.database ??= openSqliteDatabase(":memory:"))),
      chance: world.streamOf(chanceName),
      nowMs: () => time.nowMs(),
      print: (stream, line) => {
        if (own.isAlive()) world.print(spec.name, stream, line);
      },
      exit: () => {
        if (process === own) die("exited");
      },
    };
  }

  function die(then: MachineState): void {
    process?.kill();
    process = undefined;
    state = then;
  }

  async function end(graceMs: number): Promise<void> {
    await wait(PACE.signal);
    if (graceMs > 0) process?.run(terminate);
    if (state === "paused") await wait([graceMs, graceMs]);
    if (state !== "exited") die("exited");
  }

  async function cut(direction: CutDirection): Promise<FaultProof> {
    await wait(PACE.network);
    attachment.cut(direction);
    return proof(true, direction === "both" ? "off the network" : `nothing gets ${direction}`);
  }

  function wait(span: Span): Promise<void> {
    return new Promise((resolve) => {
      time.after(pace.between(...span), resolve);
    });
  }
}

const DISKS = {
  kept: "the disk it had",
  new: "an empty disk",
  wiped: "an empty disk but its identity",
} as const;

/** The database belongs to the disk: a process that ends does not take it along. */
function keptOpen(database: Database): Database {
  return { ...database, close: () => {} };
}

function proof(bit: boolean, seen: string): FaultProof {
  return { bit, seen };
}
