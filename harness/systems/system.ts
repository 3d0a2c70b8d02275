import type { ImageSource, MachineLine, MachineSpec, MakeSecrets, Stack } from "../engines/engine.ts";
import type { LogPattern, LogReading } from "../logs/pattern.ts";
import type { HarnessClock } from "../time/clock.ts";
import type { Entry } from "../timeline/entry.ts";
import type { Timing } from "../timing/profile.ts";
import type { AvoidRule, ClusterSeen, ExecutionSeen, LossId, NodeSeen } from "../vocabulary.ts";
import type { ByHand } from "./by-hand.ts";

/**
 * A system under test, as the harness reaches it. Everything that the harness knows of commands, log lines
 * and ways to lose a message is behind this port; a second system is a second folder.
 */
export interface System {
  readonly name: string;
  /** The simulation has its code; everything else runs in containers only. */
  readonly isSimulated: boolean;
  /** What it can do; a scenario that needs more is not applicable. */
  readonly capabilities: ReadonlySet<Capability>;
  /** The names that `--fix` takes. */
  readonly fixes: readonly string[];
  readonly images: readonly ImageSource[];
  /** The machines of a cluster, in the order in which they are started. */
  machines(shape: ClusterShape): MachineSpec[];
  /** Makes what the machines of a new cluster are given (`MachineSpec.data.given`); absent where they are given nothing. */
  readonly secrets?: MakeSecrets;
  /** One more edge, for scenarios in which one joins later. */
  edgeMachine(name: string, shape: ClusterShape): MachineSpec;
  /** Problems of a job file, each with its place; empty if it is fine. Asked before anything is started. */
  checkJobFile(file: JobFile): Promise<readonly string[]>;
  /** How people would drive it. */
  connect(stack: Stack): SystemControl;
  readonly patterns: readonly LogPattern[];
  /** A new reader of one run's log lines; it may join lines that belong together. */
  createLineReader(): LineReader;
  /** A line of this machine as a report may show it; absent where all of it may be shown. */
  readonly conceal?: (text: string, machine: string) => string;
  readonly signals: Signals;
  /** The machine that decides, and in whose log every look leaves a line. */
  readonly looksLeaveLinesOn: string;
  /** The command by which people drive it, inside that machine. */
  readonly cli: string;
  /** The machine that records what goes through the broker, and never falls silent for longer than a heartbeat. */
  readonly brokerMachine: string;
  /** The paths that the seeds tell people to look for. */
  readonly sequences: readonly LogSequence[];
  /** Names the loss that a stuck run's record shows; undefined if the evidence fits none. */
  explainLoss(question: LossQuestion): LossFinding | undefined;
  /** Absent where nobody could do it by hand. */
  readonly byHand?: ByHand;
  /** Set where the orchestrator is not ours to start: it is elsewhere, has a pace of its own, and outlives each run. */
  readonly remote?: Remote;
}

/** An orchestrator elsewhere, of which edges and CLI know an address and no more. */
export interface Remote {
  /** For verdicts: why nothing of what it logs is known here. */
  readonly unheard: string;
  /** The scenario that shows the bug there; by id. */
  readonly headline: string;
  /** Where to look if edges do not get in. */
  readonly mend: string;
  /** What an edge says as it gives up, because it was not let in. Undefined for any other line. */
  refusal(line: MachineLine): string | undefined;
}

/** Whether a machine is one of the edges: all are that are neither the broker nor the orchestrator. */
export function isEdge({
  brokerMachine,
  looksLeaveLinesOn,
}: Pick<System, "brokerMachine" | "looksLeaveLinesOn">): (machine: string) => boolean {
  return (machine) => machine !== brokerMachine && machine !== looksLeaveLinesOn;
}

/** For lines that say under what something was run: nothing of what everybody takes for granted. */
export function systemNote({ name }: Pick<System, "name">): readonly string[] {
  return name === "bundled" ? [] : [`system ${name}`];
}

export type { ByHand, LookOut, NamedWait } from "./by-hand.ts";

export type Capability =
  | "dispatch-log"
  | "broker-record"
  /** An edge can be asked what it really runs. */
  | "edge-executions"
  /** Every state move that was refused leaves a line. */
  | "illegal-move-log"
  /** An edge that is recreated can be the node that it was. */
  | "kept-identity"
  /** An edge has a label by which a job can be for it alone. */
  | "edge-labels"
  /** These are here, so that they can be killed. */
  | "orchestrator-machine"
  | "broker-machine";

export interface ClusterShape {
  readonly edges: number;
  readonly timing: Timing;
  /** The recovery strategies switched on: `none`, `redispatch+pull`. */
  readonly fix: string;
  /** Whose executions keep a node from being used; the system's own default unless told. */
  readonly avoid?: AvoidRule;
  /** Its API and its broker can be reached from other networks of the engine: a cloud for those who try. */
  readonly published?: boolean;
}

/** Log patterns in the order in which they appear, about one execution or one job. */
export interface LogSequence {
  readonly name: string;
  /** Where it is described. */
  readonly source: string;
  readonly means: string;
  /** What all of its lines share. */
  readonly about: "execution_id" | "job_id";
  readonly steps: readonly string[];
  /** What must not come after the last step. */
  readonly neverAfter: readonly string[];
}

export interface JobFile {
  /** For messages: a path. */
  readonly name: string;
  readonly text: string;
}

export interface SystemControl {
  /**
   * Asked before anything is started of an orchestrator elsewhere: that it answers, and has room for these jobs.
   * @throws ElsewhereError
   */
  readonly begin?: (jobs: readonly JobFile[]) => Promise<void>;
  /**
   * Takes away what the run has left with an orchestrator that outlives it, once its machines are gone.
   * @throws ElsewhereError naming what is left.
   */
  readonly leave?: (clock: HarnessClock) => Promise<void>;
  /**
   * Deploys a job file as a user would; `force` also where nothing has changed.
   * @throws ControlError with what the CLI said.
   */
  deploy(
    file: JobFile,
    options: { readonly force: boolean },
  ): Promise<{ readonly jobId: string; readonly jobName: string; readonly version: number }>;
  stopJob(jobId: string): Promise<void>;
  look(): Promise<ClusterSeen>;
  /** Only the nodes, in the order in which they came to be, for when nothing else is asked. */
  nodes(): Promise<readonly NodeSeen[]>;
  /** Ids of the executions that really run on one edge, asked of the edge itself. */
  runningOn(edge: string): Promise<readonly string[]>;
  /**
   * Does by hand what was lost; a system that gives no way to do so has none.
   * @throws ControlError
   */
  readonly deliver?: (remedy: Remedy) => Promise<void>;
}

/** The system's own command refused, or answered what cannot be read. */
export class ControlError extends Error {
  override readonly name = "ControlError";
  /** A refusal in the command's own words; empty if it had none. */
  readonly said: string;
  constructor(message: string, { said = "" }: { readonly said?: string } = {}) {
    super(message);
    this.said = said;
  }
}

export type LineReader = (line: {
  readonly machine: string;
  readonly text: string;
  readonly atMs: number;
}) => readonly LogReading[];

/** Which log lines mean that it is worth looking, or that something has happened. All are pure. */
export interface Signals {
  /** The orchestrator takes questions from here on. */
  isServing(reading: LogReading): boolean;
  /** The edge that can be sent to from here on. */
  nodeReady(reading: LogReading): string | undefined;
  /** The edge that the orchestrator has noticed to be gone, and what it takes it for now. */
  nodeLeft(reading: LogReading): { readonly edge: string; readonly state: string } | undefined;
  /** The edge with which a handshake was completed. */
  handshakeWith(reading: LogReading): string | undefined;
  /** Which node an edge is from here on: an edge that has lost its identity returns as another one. */
  identityOf(reading: LogReading): { readonly edge: string; readonly nodeId: string } | undefined;
  /** The edge that goes on with what its disk holds of executions. */
  resumedOn(reading: LogReading): string | undefined;
  /** By how many the joins that wait to be looked at become more, or fewer. */
  joinsWaiting(reading: LogReading): number;
  /** The edge that a line is about, or was printed by. */
  edgeOf(reading: LogReading): string | undefined;
  /** An edge has begun or ended to run something, or the orchestrator has heard of it. */
  isExecutionChange(reading: LogReading): boolean;
  /** The edge on which the pipeline of a job came to its own end. */
  endOf(reading: LogReading, jobId: string): string | undefined;
  /** The system has just worked out how far a job has come. */
  isProgress(reading: LogReading, jobId: string): boolean;
  /** The scheduler has just looked at a job, whatever it found. */
  isLooked(reading: LogReading, jobId: string): boolean;
  /** The edge for which a message about the job was handed to the broker, or refused. */
  dispatchTo(reading: LogReading, jobId: string): string | undefined;
  /** What became of a machine's connection to the broker; the id differs between connections. */
  brokerConnection(reading: LogReading): BrokerConnection | undefined;
  /** The connections to the broker that were opened, oldest first; only of a system with a broker's record. */
  returnsIn?(timeline: readonly Entry[]): readonly {
    readonly machine: string;
    readonly atMs: number;
    readonly id: string;
  }[];
  /** The connection from which the broker has just received anything, and when by its own clock; likewise. */
  heardFrom?(line: MachineLine): { readonly id: string; readonly timeMs: number } | undefined;
  /** When an execution of the job was last sent, or tried to be; undefined if never. */
  lastDispatchMs(timeline: readonly Entry[], jobId: string): number | undefined;
  recoveryRound(timeline: readonly Entry[], jobId: string): RecoveryRound;
  /** Nodes that shook hands, and nodes that the orchestrator noticed to be gone; oldest first. */
  membership(timeline: readonly Entry[]): readonly MembershipChange[];
  /** State moves that were tried and refused because the model forbids them. */
  illegalMoves(timeline: readonly Entry[]): readonly Entry[];
  /** The event that the dispatcher is still retrying at this moment; undefined if it is free. */
  dispatcherBlock(timeline: readonly Entry[], atMs: number): DispatcherBlock | undefined;
  /** Patterns that must have been seen, given that something ran or was sent; a renamed message shows here. */
  missingLines(timeline: readonly Entry[]): readonly string[];
}

/**
 * After a node's return the job has to be looked at once more: the round in which a correct system heals.
 * `none`: no node has returned since the job was first looked at. `due`: it is on its way. `never`: it has not
 * come, and nothing is on its way from which it could.
 */
export type RecoveryRound = Entry | "none" | "due" | "never";

export interface BrokerConnection {
  readonly machine: string;
  readonly change: "opened" | "closed";
  readonly id: string;
}

export interface MembershipChange {
  /** The machine's name. */
  readonly edge: string;
  /** The id under which it did so: an edge may return under another one. */
  readonly nodeId: string;
  readonly change: "joined" | "left";
  readonly atMs: number;
}

export interface DispatcherBlock {
  /** When it failed for the first time, in milliseconds since the run began. */
  readonly sinceMs: number;
  readonly tries: number;
  /** What the last try said. */
  readonly because: string;
}

export interface LossQuestion {
  readonly timeline: readonly Entry[];
  /** The executions that are not what they should be. */
  readonly stuck: readonly ExecutionSeen[];
  /** What the orchestrator believed at the end. */
  readonly seen: ClusterSeen;
}

export interface LossFinding {
  readonly loss: LossId;
  /** One sentence: what happened to the message. */
  readonly because: string;
  /** The entry at which the message died. */
  readonly at: Entry;
  readonly witnesses: readonly Witness[];
  /** What has to be done by hand so that all of it is there; none if that is not known. */
  readonly remedies?: readonly Remedy[];
}

/** One act by hand that brings what was lost to where it should have been. */
export type Remedy = {
  /** For people: `the run request of e-1315edc4 to edge1`. */
  readonly what: string;
} & (
  | { readonly do: "publish"; readonly subject: string; readonly payload: string }
  /** A message that was never handed to the broker, made anew of what the orchestrator knows. */
  | { readonly do: "request"; readonly command: "run" | "stop"; readonly execution: ExecutionSeen }
  /** Nobody waits any more for what this node was given. */
  | { readonly do: "retire"; readonly nodeId: string }
);

/** Independent sources: what the API says, what the system logs, what the broker recorded. */
export interface Witness {
  readonly source: "state" | "log" | "broker";
  /** Milliseconds since the run began. */
  readonly at: number;
  /** For people. */
  readonly text: string;
  /** The line as it was printed, where it is one. */
  readonly line?: string;
}
