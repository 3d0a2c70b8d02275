import type { Database } from "../../../../controlplane/ports/database.ts";
import type { Attachment } from "../network/network.ts";
import type { SimDisk } from "../process/sim-disk.ts";
import type { SimProcess } from "../process/process.ts";
import type { RandomStream } from "../time/random-streams.ts";

/** What a program finds when it is started on a simulated machine. */
export interface ProgramWorld {
  readonly machine: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly process: SimProcess;
  readonly network: Attachment;
  readonly disk: SimDisk;
  /** The database in its data folder. */
  readonly database: () => Database;
  readonly chance: RandomStream;
  /** Virtual milliseconds, with fractions. */
  readonly nowMs: () => number;
  readonly print: (stream: "stdout" | "stderr", line: string) => void;
  /** Ends the process, as `process.exit` would. */
  readonly exit: (code: number) => void;
}

/** Starts a program; what it returns is called on SIGTERM. */
export type Program = (world: ProgramWorld) => () => void;

/** A command run inside a machine by `exec`. */
export type Command = (
  world: ProgramWorld,
  argv: readonly string[],
  stdin: string,
) => Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }>;
