import type Docker from "dockerode";
import type { HarnessClock } from "../../../time/clock.ts";
import type { MachineLine, MachineSpec } from "../../engine.ts";
import type { RunLabels } from "../labels.ts";
import type { AttachedLog } from "../logs.ts";
import type { Gate } from "./gate.ts";
import type { StackNetwork } from "./network.ts";

/** What the stack gives to each of its machines. */
export interface MachineHost {
  readonly docker: Docker;
  readonly clock: HarnessClock;
  readonly run: RunLabels;
  readonly network: StackNetwork;
  /** Everything is created through it, so that nothing comes into being behind the back of a clean-up. */
  readonly gate: Gate;
  /** What machines are given, by name. */
  readonly secrets: Promise<Readonly<Record<string, string>>>;
  /** The image's id: containers start from ids, as a tag may be moved by another harness at any time. */
  imageId(key: string): string;
  /** An address that no machine of the stack has had yet. */
  nextAddress(): string;
  tellLine(line: MachineLine): void;
  /** Something went wrong that is no reason to fail, but may explain why something else does. */
  warn(text: string): void;
}

/**
 * What is known of one machine between two verbs. The verbs of one machine come one after the other, those of different
 * machines may overlap.
 */
export interface MachineRecord {
  readonly host: MachineHost;
  readonly spec: MachineSpec;
  /** The address that it has, and gets again after a cut or a recreation. */
  address: string;
  /** Undefined where there is none: between a kill and a recreation. */
  container: Docker.Container | undefined;
  /** How often it got an empty disk; part of the volume's name. */
  disks: number;
  /** What it prints since it was last started. */
  attached: AttachedLog | undefined;
  /** The newest of what it printed since then, the last one last. */
  lastLines: readonly string[];
  /** Whether we took it off the network. */
  cut: boolean;
  /** Whether we stopped it, or never started it: any other end is a crash, which no fault may claim as its doing. */
  down: boolean;
}

export function volumeOf({ host, spec, disks }: MachineRecord): string {
  return `${host.network.name}-${spec.name}-data${disks}`;
}

/** Which of its machine's disks a volume is, by its name; undefined for one that is none. */
export function diskOf(volume: string | undefined): number | undefined {
  const count = /-data(?<count>\d+)$/.exec(volume ?? "")?.groups?.["count"];
  return count === undefined ? undefined : Number(count);
}

/** As people see it in `docker ps`. */
export function shortId(container: Docker.Container | undefined): string {
  return container?.id.slice(0, 12) ?? "none";
}
