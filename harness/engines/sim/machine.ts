import { openSqliteDatabase } from "../../../controlplane/adapters/sqlite-database.ts";
import type { Database } from "../../../controlplane/ports/database.ts";
import { UsageError } from "../../errors.ts";
import type { ExecResult, FaultProof, Machine, MachineSpec, MachineState } from "../engine.ts";
import { list } from "../../text/list.ts";
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
  /** By name (`MachineSpec.data.given`). */
  readonly secrets: Readonly<Record<string, string>>;
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
  const given = Object.entries(spec.data?.given ?? {});
  const secretOf = (secret: string): string => {
    const text = world.secrets[secret];
    if (text === undefined) throw new Error(`${spec.name} is to be given ${secret}, and nobody makes it`);
    return text;
  };
  let volume: Volume = {
    disk: createSimDisk(new Map(given.map(([file, secret]) => [file, secretOf(secret)]))),
    database: undefined,
  };
  let process: SimProcess | undefined;
  /** What `exec` has running inside: it freezes and ends with the machine. */
  const commands = new Set<SimProcess>();
  let isCut = false;
  /** Whether we stopped it, or never started it: any other end is a crash, which no fault may claim as its doing. */
  let isDown = true;
  let attachment: Attachment = network.join(spec.name);
  let terminate = (): void => {};

  const machine: SimMachine = {
    name: spec.name,
    state: () => Promise.resolve(state),
    start: async () => {
      await wait(PACE.start);
      if (state === "absent")
        throw new UsageError(`${spec.name} was killed: recreate it, there is nothing to start`);
      if (isCut) throw new UsageError(`${spec.name} is cut off: heal it before it is started again`);
      if (isThere()) throw new UsageError(`${spec.name} is ${state} already`);
      boot();
    },
    kill: () => killAnd("process gone, machine removed", () => {}),
    losePower: () => killAnd("power lost", () => volume.disk.losePower()),
    stop,
    restart: async ({ graceMs }) => {
      if (isCut) throw new UsageError(`${spec.name} is cut off: heal it before it is restarted`);
      const stopped = await stop({ graceMs });
      if (!stopped.bit) return stopped;
      await wait(PACE.start);
      boot();
      return proof(true, "a new process runs on the same disk");
    },
    recreate: async ({ identity }) => {
      if (state !== "absent")
        throw new UsageError(`${spec.name} is still there: kill it before it is recreated`);
      const files = identity === "wiped" ? (spec.data?.identity ?? []) : [];
      const missing = files.filter((file) => volume.disk.read(file) === undefined);
      const kept = [...given.map(([file]) => file), ...files];
      if (identity !== "kept") volume = { disk: volume.disk.copyOf(kept), database: undefined };
      await wait(PACE.recreate);
      incarnation += 1;
      attachment = network.join(spec.name);
      isCut = false;
      boot();
      if (missing.length > 0)
        return proof(false, `a wiped disk, without ${list(missing)}: not found on the old one`);
      return proof(true, `a new machine with ${DISKS[identity]}`);
    },
    pause: async () => {
      await wait(PACE.freeze);
      if (state !== "running") return doesNotApply();
      for (const own of processes()) own.freeze();
      attachment.freeze();
      state = "paused";
      return proof(true, "frozen");
    },
    resume: async () => {
      await wait(PACE.freeze);
      if (state !== "paused") return doesNotApply();
      state = "running";
      attachment.thaw();
      for (const own of processes()) own.thaw();
      return proof(true, "thawed");
    },
    cut: () => cut("both"),
    cutOneWay: cut,
    heal: async () => {
      await wait(PACE.network);
      if (!isCut) return proof(false, "it was not cut off");
      isCut = false;
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
      const own = createSimProcess(time);
      commands.add(own);
      const ended = new Promise<ExecResult>((resolve) => {
        own.onKill(() => resolve({ exitCode: 137, stdout: "", stderr: "" }));
      });
      const result = await Promise.race([command(worldOf(own, `exec ${spec.name}`), argv, stdin), ended]);
      commands.delete(own);
      await wait(PACE.execEnd);
      return result;
    },
    putFile: async (path, text) => {
      await wait(PACE.network);
      const folder = `${spec.data?.path ?? ""}/`;
      volume.disk.write(spec.data && path.startsWith(folder) ? path.slice(folder.length) : path, text);
    },
  };
  return machine;

  function boot(): void {
    state = "running";
    isDown = false;
    terminate = () => {};
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

  function isThere(): boolean {
    return state === "running" || state === "paused";
  }

  function processes(): SimProcess[] {
    return [...(process === undefined ? [] : [process]), ...commands];
  }

  function die(then: MachineState): void {
    if (state === "paused") attachment.thaw();
    for (const own of processes()) own.kill();
    process = undefined;
    commands.clear();
    state = then;
  }

  async function killAnd(seen: string, andThen: () => void): Promise<FaultProof> {
    await wait(PACE.signal);
    if (state === "absent") return doesNotApply();
    const crashed = state === "exited" && !isDown;
    die("absent");
    isDown = true;
    attachment.leave();
    andThen();
    await wait(PACE.remove);
    return crashed ? proof(false, "it had ended by itself before it was killed") : proof(true, seen);
  }

  async function stop({ graceMs }: { readonly graceMs: number }): Promise<FaultProof> {
    await wait(PACE.signal);
    if (!isThere()) return proof(false, `nothing to stop: ${state}`);
    isDown = true;
    const ending = process;
    if (graceMs > 0 && ending !== undefined) {
      const ended = new Promise<void>((resolve) => {
        ending.onKill(resolve);
      });
      // A frozen one would hear of it only when it is thawed.
      ending.run(terminate);
      if (ending.isAlive()) await Promise.race([ended, wait([graceMs, graceMs])]);
    }
    if (isThere()) die("exited");
    return proof(true, "process ended");
  }

  async function cut(direction: CutDirection): Promise<FaultProof> {
    await wait(PACE.network);
    if (!isThere()) return doesNotApply();
    if (isCut) return proof(false, "it was cut off already");
    isCut = true;
    attachment.cut(direction);
    return proof(true, direction === "both" ? "off the network" : `nothing gets ${direction}`);
  }

  function doesNotApply(): FaultProof {
    return proof(false, state === "absent" ? `${spec.name} was not there` : `${spec.name} is ${state}`);
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
