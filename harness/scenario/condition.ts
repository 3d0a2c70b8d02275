import { UsageError } from "../errors.ts";
import type { LogReading } from "../logs/pattern.ts";
import type { Wait } from "../timeline/entry.ts";
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
  /** What the states say of it, where `look` reads the log: for a build that does not log what it should. */
  readonly lookByStates?: () => Promise<Sight>;
  /** What the states say of it is as good as the line, which a build that logs everything else need not have. */
  readonly statesSuffice?: boolean;
  /** How long it may take in a system that works, in milliseconds, beyond what anything may take. */
  readonly patienceMs?: number;
  /** The job it is about, if it is about one. */
  readonly jobId?: string;
  /** The same for whoever waits for it by hand, where it can be named. */
  readonly waits?: readonly Wait[];
}

/** For who has no compiler to tell them. @throws UsageError if it is none. */
export function checkCondition(verb: string, given: Condition): void {
  if (typeof (given as Partial<Condition> | undefined)?.look === "function") return;
  const what = given instanceof Promise ? "the promise of one" : (typeof given as string);
  throw new UsageError(`${verb}() takes a condition, like job.runsOn(edges), and was given ${what}`);
}

/** All of them at once. What is told is what each of them saw. */
export function all(...conditions: readonly Condition[]): Condition {
  const jobIds = [...new Set(conditions.flatMap(({ jobId }) => (jobId === undefined ? [] : [jobId])))];
  return {
    what: conditions.map((condition) => condition.what).join(", and "),
    wakesOn: (reading) => conditions.some((condition) => condition.wakesOn(reading)),
    look: () => together(conditions, async (condition) => await condition.look()),
    ...(conditions.some((condition) => condition.lookByStates !== undefined)
      ? {
          lookByStates: () =>
            together(conditions, async (condition) => await (condition.lookByStates ?? condition.look)()),
        }
      : {}),
    patienceMs: Math.max(0, ...conditions.map((condition) => condition.patienceMs ?? 0)),
    ...(jobIds.length === 1 && jobIds[0] !== undefined ? { jobId: jobIds[0] } : {}),
    ...(conditions.every((condition) => condition.waits !== undefined)
      ? { waits: conditions.flatMap((condition) => condition.waits ?? []) }
      : {}),
  };
}

async function together(
  conditions: readonly Condition[],
  look: (condition: Condition) => Promise<Sight>,
): Promise<Sight> {
  const sights: Sight[] = [];
  // One after the other: answers that overtake each other would look like states that go backwards.
  for (const condition of conditions) sights.push(await look(condition));
  return {
    met: sights.every((sight) => sight.met),
    seen: sights.map((sight) => sight.seen).join("; "),
    stuck: sights.flatMap((sight) => sight.stuck ?? []),
  };
}

export interface Sight {
  readonly met: boolean;
  /** For people: what was seen, whether met or not. */
  readonly seen: string;
  /** The executions that keep it from being met. */
  readonly stuck?: readonly ExecutionSeen[];
}
