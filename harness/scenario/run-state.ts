import type { Timing } from "../timing/profile.ts";
import type { Engine, MachineLine, Stack } from "../engines/engine.ts";
import { ElsewhereError } from "../errors.ts";
import type { LogReading } from "../logs/pattern.ts";
import type { System, SystemControl } from "../systems/system.ts";
import type { EntryBody } from "../timeline/entry.ts";
import { createTimelineRecorder, type TimelineRecorder } from "../timeline/timeline.ts";
import type { ClusterSeen, NodeSeen } from "../vocabulary.ts";

/** Everything that the verbs of one run share. */
export interface RunState {
  readonly engine: Engine;
  readonly system: System;
  readonly stack: Stack;
  readonly control: SystemControl;
  readonly timeline: TimelineRecorder;
  /** Rejects when an orchestrator elsewhere does not let an edge in; never resolves. */
  readonly turnedAway: Promise<never>;
  /** Lines that should have been printed by now, were not: this build is gone by what its CLI says. */
  goesByStates(): boolean;
  /** Log lines that were understood, in order of arrival. */
  readonly readings: readonly LogReading[];
  readonly signal: AbortSignal;
  readonly timing: Timing;
  /** Milliseconds since the run began. */
  nowMs(): number;
  record(body: EntryBody): void;
  /** Asks the orchestrator for all it believes, and records the answer. */
  look(): Promise<ClusterSeen>;
  /** Asks for the nodes alone, and records the answer. */
  lookAtNodes(): Promise<readonly NodeSeen[]>;
  /** Asks one edge which executions it really runs, and records the answer. */
  lookAtEdge(edge: string): Promise<readonly string[]>;
  /** The ids of the nodes that an edge has been, the one that it is now last; empty while none is known. */
  identitiesOf(edge: string): readonly string[];
  /** When the last line of a machine arrived, in milliseconds since the run began; undefined if none has. */
  lastHeardMs(machine: string): number | undefined;
  /** While this goes on, lines are read but neither told nor kept in the log files. */
  quietly<T>(work: () => Promise<T>): Promise<T>;
  /** Called for every further line, understood or not, until the returned function is called. */
  onLine(listener: (machine: string, line: MachineLine) => void): () => void;
  /** Called for every further reading until the returned function is called. */
  onReading(listener: (reading: LogReading) => void): () => void;
}

/** By so much a line may be behind what the CLI says. */
export const LINES_LATE_MS = 1_000;

export function createRunState(at: {
  readonly engine: Engine;
  readonly system: System;
  readonly stack: Stack;
  readonly signal: AbortSignal;
  readonly timing: Timing;
  readonly startedAtMs: number;
  readonly onEntry: Parameters<typeof createTimelineRecorder>[0];
  /** For the log files: every line, understood or not. */
  readonly onLine: (machine: string, text: string) => void;
}): RunState {
  const { engine, system, stack, startedAtMs } = at;
  const control = system.connect(stack);
  const read = system.createLineReader();
  const readings: LogReading[] = [];
  const listeners = new Set<(reading: LogReading) => void>();
  const lastHeard = new Map<string, number>();
  const identities = new Map<string, readonly string[]>();
  const lineListeners = new Set<(machine: string, line: MachineLine) => void>();
  let quiet = false;
  const timeline = createTimelineRecorder((entry) => {
    if (!quiet || entry.kind !== "log") at.onEntry(entry);
  });
  const nowMs = () => engine.clock.nowMs() - startedAtMs;

  const { conceal, remote } = system;
  const turnedAway = Promise.withResolvers<never>();
  turnedAway.promise.catch(() => {});
  stack.onLine((told) => {
    const text = conceal?.(told.text, told.machine) ?? told.text;
    const line = text === told.text ? told : { ...told, text };
    if (!quiet) at.onLine(line.machine, line.text);
    lastHeard.set(line.machine, line.atMs - startedAtMs);
    for (const reading of read(line)) {
      readings.push(reading);
      noteIdentity(system.signals.identityOf(reading));
      timeline.record(reading.timeMs - engine.skewMs - startedAtMs, {
        kind: "log",
        pattern: reading.pattern.name,
        machine: reading.machine,
        fields: reading.fields,
        text: reading.text,
      });
      for (const listener of listeners) listener(reading);
    }
    for (const listener of lineListeners) listener(line.machine, line);
    const refusal = remote?.refusal(line);
    if (remote !== undefined && refusal !== undefined) {
      const wanted = `a place for ${line.machine} in the cloud`;
      turnedAway.reject(new ElsewhereError({ wanted, seen: refusal, mend: remote.mend }));
    }
  });

  return {
    engine,
    system,
    stack,
    control,
    timeline,
    readings,
    signal: at.signal,
    timing: at.timing,
    nowMs,
    turnedAway: turnedAway.promise,
    goesByStates: () => {
      if (remote !== undefined) return true;
      const entries = timeline.entries();
      const missing = system.signals.missingLines(entries);
      if (missing.length === 0) return false;
      // A line and the answer that it belongs to come on ways of their own, and not at the same moment.
      const earlier = entries.filter(({ atMs }) => atMs <= nowMs() - LINES_LATE_MS);
      return system.signals.missingLines(earlier).some((name) => missing.includes(name));
    },
    record: (body) => void timeline.record(nowMs(), body),
    look: async () => {
      const seen = await control.look();
      timeline.record(nowMs(), { kind: "state", seen });
      return seen;
    },
    quietly: async (work) => {
      quiet = true;
      try {
        return await work();
      } finally {
        quiet = false;
      }
    },
    lookAtEdge: async (edge) => {
      const executionIds = await control.runningOn(edge);
      timeline.record(nowMs(), { kind: "running-on", edge, executionIds });
      return executionIds;
    },
    identitiesOf: (edge) => identities.get(edge) ?? [],
    lastHeardMs: (machine) => lastHeard.get(machine),
    lookAtNodes: async () => {
      const nodes = await control.nodes();
      timeline.record(nowMs(), { kind: "nodes", nodes });
      return nodes;
    },
    onLine: (listener) => {
      lineListeners.add(listener);
      return () => lineListeners.delete(listener);
    },
    onReading: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };

  function noteIdentity(told: { readonly edge: string; readonly nodeId: string } | undefined): void {
    if (told === undefined) return;
    const others = (identities.get(told.edge) ?? []).filter((id) => id !== told.nodeId);
    identities.set(told.edge, [...others, told.nodeId]);
  }
}
