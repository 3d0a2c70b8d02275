import { UsageError } from "../../errors.ts";
import type { Engine, MachineLine, MachineSpec, Stack } from "../engine.ts";
import { createSimMachine, type SimMachine } from "./machine.ts";
import { createNetwork } from "./network/network.ts";
import { cliCommand } from "./programs/cli.ts";
import { edgeCommand, edgeProgram } from "./programs/edge.ts";
import { giveToCluster } from "./programs/given.ts";
import { natsProgram } from "./programs/nats.ts";
import { natsPublishCommand } from "./programs/nats-publish.ts";
import { orchestratorProgram } from "./programs/orchestrator.ts";
import type { Command, Program } from "./programs/program.ts";
import { rehearse } from "./rehearsal.ts";
import { guardAmbient } from "./time/ambient-guard.ts";
import { createRandomStreams } from "./time/random-streams.ts";
import { createVirtualTime } from "./time/virtual-time.ts";

/** What runs on a machine started from an image of this name. */
const PROGRAMS: Readonly<
  Record<string, { readonly program: Program; readonly commands: Readonly<Record<string, Command>> }>
> = {
  nats: { program: natsProgram, commands: {} },
  orchestrator: {
    program: orchestratorProgram,
    commands: { "expanso-cli": cliCommand, "nats-publish": natsPublishCommand },
  },
  edge: { program: edgeProgram, commands: { "expanso-edge": edgeCommand } },
};

export interface SimStack extends Stack {
  machine(name: string): SimMachine;
}

/**
 * The simulation: the code of the images unchanged, in this process, on a virtual clock, a simulated NATS and
 * simulated disks. The same seed gives the same run, to the byte. One stack at a time: its clock is the engine's.
 */
export function createSimEngine(options: { readonly seed: number }): Engine & {
  openStack(spec: { readonly runId: string; readonly machines: readonly MachineSpec[] }): Promise<SimStack>;
  /** How many events the current stack has had. */
  happened(): number;
} {
  let time = createVirtualTime(createRandomStreams(options.seed)("ties"));
  return {
    name: "sim",
    title: "simulation",
    clock: {
      nowMs: () => time.nowMs(),
      after: (delayMs, task) => time.after(delayMs, task),
    },
    skewMs: 0,
    hold: () => time.hold(),
    happened: () => time.happened(),
    prepare: () => rehearse(createSimEngine(options)),
    openStack: async (spec) => {
      const streamOf = createRandomStreams(options.seed);
      const own = createVirtualTime(streamOf("ties"));
      const network = createNetwork(own, streamOf);
      const listeners: ((line: MachineLine) => void)[] = [];
      const machines = new Map<string, SimMachine>();
      const print = (machine: string, stream: "stdout" | "stderr", text: string): void => {
        const line: MachineLine = { machine, stream, text, atMs: own.nowMs() };
        for (const listener of listeners) listener(line);
      };
      // The programs of a simulation are compiled in, and so is the one that makes these.
      const secrets = giveToCluster(streamOf("secrets"), own.nowMs());
      const add = (machine: MachineSpec): SimMachine => {
        if (machines.has(machine.name)) throw new UsageError(`two machines are called ${machine.name}`);
        const runs = PROGRAMS[machine.image];
        if (runs === undefined) throw new Error(`the simulation has no program for image ${machine.image}`);
        const created = createSimMachine({ time: own, network, streamOf, print, secrets, ...runs }, machine);
        machines.set(machine.name, created);
        return created;
      };
      for (const machine of spec.machines) add(machine);
      const failed = new Promise<never>((_, reject) => {
        own.onFailure(reject);
      });
      // Whoever runs a scenario waits for it; a stack that is only tried out has nobody who does.
      failed.catch(() => {});
      // Last of all: nothing may fail between here and the hand-over of what lifts it again.
      const guard = guardAmbient();
      time = own;
      own.start();
      return {
        machine: (name) => {
          const machine = machines.get(name);
          if (machine === undefined)
            throw new UsageError(`no machine ${name}: there are ${[...machines.keys()].join(", ")}`);
          return machine;
        },
        machines: () => [...machines.values()],
        add: async (machine) => add(machine),
        onLine: (listener) => {
          listeners.push(listener);
        },
        failed,
        [Symbol.asyncDispose]: async () => {
          own.stop();
          guard.lift();
          const used = guard.firstUse();
          if (used !== undefined) throw used;
        },
      };
    },
  };
}
