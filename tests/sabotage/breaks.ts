import type { LoggedEvent } from "../../controlplane/model/event.ts";
import type { Plan, Snapshot } from "../../controlplane/model/plan.ts";
import type { WatcherOptions } from "../../controlplane/orchestrator/contracts.ts";
import type { OrchestratorSettings } from "../../controlplane/orchestrator/settings.ts";
import type { Clock } from "../../controlplane/ports/clock.ts";
import type { EdgeCommand, StatusReport } from "../../controlplane/protocol/messages.ts";
import type { Break } from "./breakable.ts";

/** What several sabotages are made of. */

/** A build that has other words for everything. */
export const OTHER_WORDS: Break = {
  createLineLog: (real) => (options) =>
    real({ ...options, writeLine: (line) => options.writeLine(line.replace(/[A-Z]+: .*/s, "it happened")) }),
};

/** A scheduler that makes something else of its plans. */
export function planning(change: (plan: Plan, snapshot: Snapshot) => Partial<Plan>): Break {
  return {
    reconcile: (real) => (snapshot, redispatch) => {
      const plan = real(snapshot, redispatch);
      return { ...plan, ...change(plan, snapshot) };
    },
  };
}

/** A scheduler that looks at something else than what is. */
export function seeing(change: (snapshot: Snapshot) => Partial<Snapshot>): Break {
  return {
    reconcile: (real) => (snapshot, redispatch) => real({ ...snapshot, ...change(snapshot) }, redispatch),
  };
}

/** A watcher, by its name, that works in another way. */
export function watching(
  name: string,
  change: (options: WatcherOptions, clock: Clock) => Partial<WatcherOptions>,
): Break {
  return {
    createWatcher: (real) => (ports, options) =>
      real(ports, options.name === name ? { ...options, ...change(options, ports.clock) } : options),
  };
}

/** A watcher to which such events never happen. */
export function deafTo(name: string, isUnheard: (event: LoggedEvent) => boolean): Break {
  return watching(name, ({ filter }) => ({ filter: (event) => !isUnheard(event) && filter(event) }));
}

/** An orchestrator with settings that nobody gave it. */
export function settingsOf(change: Partial<OrchestratorSettings>): Break {
  return {
    createOrchestrator: (real) => (ports, settings, recovery) =>
      real(ports, { ...settings, ...change }, recovery),
  };
}

type Report = Omit<StatusReport, "node_id">;

/** An edge that does something else when it is told to start or stop something. */
export function obeying(
  handle: (
    command: EdgeCommand,
    edge: { readonly obey: (command: EdgeCommand) => void; readonly report: (report: Report) => void },
  ) => void,
): Break {
  return {
    createExecutor: (real) => (parts) => {
      const own = real(parts);
      return {
        ...own,
        handle: (command) =>
          handle(command, { obey: (own_) => own.handle(own_), report: (report) => parts.report(report) }),
      };
    },
  };
}

export const EDGE_IGNORES_STOPS = obeying((command, edge) => {
  if (command.kind !== "stop_execution") edge.obey(command);
});
