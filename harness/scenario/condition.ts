import type { LogReading } from "../logs/pattern.ts";
import type { ExecutionSeen } from "../vocabulary.ts";

/**
 * Something that can be waited for. It is looked at when a log line says that it is worth looking, never on
 * a beat; the look asks the system itself, because a log line is a hint and not a fact.
 */
export interface Condition {
  /** Reads on from "waits until" and "the premise that". */
  readonly what: string;
  readonly wakesOn: (reading: LogReading) => boolean;
  readonly look: () => Promise<Sight>;
  /** How long it may take in a system that works, in milliseconds, beyond what anything may take. */
  readonly patienceMs?: number;
  /** The job it is about, if it is about one. */
  readonly jobId?: string;
}

export interface Sight {
  readonly met: boolean;
  /** For people: what was seen, whether met or not. */
  readonly seen: string;
  /** The executions that keep it from being met. */
  readonly stuck?: readonly ExecutionSeen[];
}
