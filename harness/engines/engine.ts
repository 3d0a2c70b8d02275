import type { HarnessClock } from "../time/clock.ts";

/**
 * What runs the machines of a system under test: Docker (containers) or the simulation (objects in this
 * process). Knows nothing of jobs, nodes or brokers; a `System` says what the machines are.
 */
export interface Engine {
  readonly name: "docker" | "sim";
  /** For people: `docker 20.10.24`, `simulation`. */
  readonly title: string;
  /** The time of everything that happens on this engine. */
  readonly clock: HarnessClock;
  /** How far the clocks of the machines are ahead of `clock`, in milliseconds. */
  readonly skewMs: number;
  /** Stops the time of everything on this engine until the value is disposed of; missing where nobody can stop it. */
  readonly hold?: () => Disposable;
  /**
   * Makes the images ready that machines are started from; does nothing for those that are unchanged.
   * A simulation has none: it has its code compiled.
   * @param signal to stop: as soon as nothing is left behind by it.
   * @throws EnvironmentError naming what is missing and the command that mends it; the signal's reason.
   */
  prepare(
    images: readonly ImageSource[],
    tell: (progress: string) => void,
    signal?: AbortSignal,
  ): Promise<void>;
  /** By `ImageSource.key`, the image that machines are started from; absent where there are none. */
  readonly imageIds?: ReadonlyMap<string, string>;
  /** A new, empty, isolated network with its machines, none of them started. */
  openStack(spec: StackSpec): Promise<Stack>;
  /** The stacks that outlive who made them; missing where everything ends with its process. */
  readonly standing?: StandingStacks;
}

export type BaseKind = "node" | "nats";

/** An image of somebody else's, taken as it is. */
export interface GivenImage {
  readonly name: string;
  /** Where it is named. */
  readonly variable: string;
}

/** How one image comes to be. */
export interface ImageSource {
  /** What `MachineSpec.image` refers to: `orchestrator`, `edge`, `nats`. */
  readonly key: string;
  /** The tag by which people find it: `expanso-edge:debug`. */
  readonly tag: string;
  /** Path of the Dockerfile, relative to the repository; it takes the base as `ARG BASE`. */
  readonly dockerfile: string;
  readonly base: BaseKind | GivenImage;
  /** File name in the build context → TypeScript entry point (relative to the repository), bundled into one file. */
  readonly bundles: Readonly<Record<string, string>>;
  /** File name in the build context → file in the repository, copied as it is. */
  readonly files: Readonly<Record<string, string>>;
  /** File name in the build context → a Linux program, by its absolute path: looked at, then copied as it is. */
  readonly programs?: Readonly<Record<string, string>>;
  /** Build arguments of the Dockerfile besides `BASE`: which file is which program. */
  readonly args?: Readonly<Record<string, string>>;
}

export type MakeSecrets = () => Promise<Readonly<Record<string, string>>>;

export interface StackSpec {
  /** Unique per run; part of the names and labels of all that is created. */
  readonly runId: string;
  readonly machines: readonly MachineSpec[];
  /** Makes what the machines are given, by name; asked once, for a new stack. A simulation makes its own. */
  readonly secrets?: MakeSecrets | undefined;
  /** It is to outlive whoever made it: nobody takes it for a leftover. */
  readonly keep?: boolean;
  /** Kept with the stack, and found again with it: what whoever goes on with it has to know. */
  readonly memo?: string;
}

/** Stands for the stack's own `outside` address in a machine's environment, which nobody knows before it is opened. */
export const OUTSIDE = "{outside}";

export interface MachineSpec {
  /** The name under which the other machines of the stack reach it, and its own host name. */
  readonly name: string;
  readonly image: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Ports at which other networks of the engine, and its host, reach it under the stack's `outside` address. */
  readonly publishes?: readonly number[];
  /** The folder that outlives the machine, if it has one. */
  readonly data?: {
    readonly path: string;
    /** The files in it (relative) that say who the machine is: what a wiped disk keeps. */
    readonly identity: readonly string[];
    /** The files in it that the machine is given, as every disk of it has them, and the secret that each holds. */
    readonly given?: Readonly<Record<string, string>>;
  };
}

/** Everything that belongs to one run. Disposing it removes it all, whatever state it is in. */
export interface Stack extends AsyncDisposable {
  /** @throws if the stack has no machine of that name. */
  machine(name: string): Machine;
  machines(): readonly Machine[];
  /** Where what is published of it is reached from outside; missing where nothing could. */
  readonly outside?: string;
  /** Adds a machine, not started. */
  add(spec: MachineSpec): Promise<Machine>;
  /** Every line of every machine from its start on, in order per machine; none is lost over a kill. */
  onLine(listener: (line: MachineLine) => void): void;
  /** From now on it outlives whoever made it, as if `keep` had been asked for; missing where nothing could. */
  readonly keep?: () => Promise<void>;
  /** Rejects when the engine itself breaks, or goes away, in the middle of a run; never resolves. */
  readonly failed?: Promise<never>;
}

/** Stacks that were kept: whoever reaches the same engine can go on with them. */
export interface StandingStacks {
  find(): Promise<readonly StandingStack[]>;
  /**
   * The stack of that id, with the machines that `spec` says: one that is not there counts as killed. `isHeard`: its
   * lines are told, those of the past first, as far as they are still there.
   */
  reopen(spec: StackSpec, options: { readonly isHeard: boolean }): Promise<Stack>;
  /**
   * Tells what its machines have printed, in order; if it follows, also what they print from now on, whoever starts
   * them, until the stack is removed or the signal says so.
   */
  tellLines(runId: string, options: LinesWanted): Promise<void>;
}

export interface LinesWanted {
  readonly machines: readonly string[];
  /** On the engine's clock; everything unless told. */
  readonly sinceMs?: number | undefined;
  readonly follows: boolean;
  readonly signal: AbortSignal;
  readonly onLine: (line: MachineLine) => void;
}

/** What the engine says of a stack that was kept. */
export interface StandingStack {
  readonly runId: string;
  readonly memo: string | undefined;
  /** When it was made, on the engine's clock. */
  readonly madeAtMs: number;
  /** The process that made it, while that lives: it is still at it. */
  readonly maker: string | undefined;
  /** The host on which it was made, where that is not this one, or nobody can tell that it is. */
  readonly elsewhere?: string | undefined;
  /** Those that are there, and those of which only the disk is left. */
  readonly machines: readonly StandingMachine[];
}

export interface StandingMachine {
  readonly name: string;
  readonly state: MachineState;
  /** Undefined for one that has none now: killed, stopped, or cut off. */
  readonly address: string | undefined;
  /** As people see it in `docker ps`. */
  readonly container: string | undefined;
}

export interface MachineLine {
  readonly machine: string;
  readonly stream: "stdout" | "stderr";
  readonly text: string;
  /** When the line reached the harness, on the engine's clock. */
  readonly atMs: number;
}

/** What a fault left to be seen, in words for the report; `bit: false` makes the run `unknown`. */
export interface FaultProof {
  readonly bit: boolean;
  readonly seen: string;
}

export type MachineState = "absent" | "created" | "running" | "paused" | "exited";

export interface Machine {
  readonly name: string;
  start(): Promise<void>;
  /** SIGKILL and removal (`docker rm -f`); the data folder stays. Resolves once it is gone and its last line was told. */
  kill(): Promise<FaultProof>;
  /** SIGTERM, then SIGKILL after `graceMs`; the machine stays, stopped. */
  stop(options: { readonly graceMs: number }): Promise<FaultProof>;
  /** Stop (or, with `graceMs` 0, kill) and start again, same machine, same disk. */
  restart(options: { readonly graceMs: number }): Promise<FaultProof>;
  /** A new machine in the place of a removed one, started. `identity` says what of its data folder it finds. */
  recreate(options: { readonly identity: Identity }): Promise<FaultProof>;
  /** Freezes every process; nothing is lost, nothing answers. */
  pause(): Promise<FaultProof>;
  resume(): Promise<FaultProof>;
  /** Takes it off the network; processes and connections stay, nothing gets through. */
  cut(): Promise<FaultProof>;
  /** Back on the network under the address it had. */
  heal(): Promise<FaultProof>;
  /** Runs a command inside, to its end. A non-zero exit is a result, not an error. */
  exec(argv: readonly string[], options?: { readonly stdin?: string }): Promise<ExecResult>;
  /** Writes a text file inside, by absolute path. */
  putFile(path: string, text: string): Promise<void>;
  state(): Promise<MachineState>;
  /**
   * Resolves when it ends by itself after it was started; never if it does not, or if somebody ends it. Missing where
   * nothing ends by itself.
   */
  readonly fell?: () => Promise<Fall>;
}

/** How a machine came to its end, with nobody's doing. */
export interface Fall {
  readonly exitCode: number;
  /** For people: which container, how, and what it printed last. */
  readonly seen: string;
}

/** `kept`: the data folder as it was. `new`: an empty one. `wiped`: empty but for the identity files. */
export type Identity = "kept" | "new" | "wiped";

export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}
