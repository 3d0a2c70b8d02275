import type { Bus } from "../ports/bus.ts";
import type { Clock } from "../ports/clock.ts";
import type { ClusterKey } from "../ports/credentials.ts";
import type { Database } from "../ports/database.ts";
import type { HttpHandler } from "../ports/http.ts";
import type { Log } from "../ports/log.ts";
import type { Random } from "../ports/random.ts";
import { createApi } from "./api/api.ts";
import type { CreateWatcher, Recovery } from "./contracts.ts";
import { createDispatcher } from "./dispatcher/dispatcher.ts";
import { createEvaluationBroker } from "./evaluation-broker/broker.ts";
import { createWatcher } from "./event-log/watcher.ts";
import { createInventoryDesk } from "./inventory/inventory.ts";
import { createHousekeeping } from "./housekeeping/housekeeping.ts";
import { createNodeManager } from "./node-manager/node-manager.ts";
import { createPlanner } from "./planner/planner.ts";
import { createReEvaluator } from "./re-evaluator/re-evaluator.ts";
import { createWorker } from "./scheduler/worker.ts";
import type { OrchestratorSettings } from "./settings.ts";
import { createStatusHandler } from "./status-handler/status-handler.ts";
import { createStore } from "./store/store.ts";
import { createTransport } from "./transport/transport.ts";

export interface OrchestratorPorts {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly database: Database;
  readonly random: Random;
  readonly log: Log;
  readonly cluster: ClusterKey;
}

export interface Orchestrator {
  /** Picks up from what the database holds; from then on it answers edges and works on jobs. */
  start(): void;
  stop(): void;
  /** The HTTP API; whoever starts the orchestrator gives it a socket. */
  readonly api: HttpHandler;
}

/**
 * Wires the parts (spec 1-system, "Parts of the orchestrator"). Data flows one way: API → store and event
 * log → broker → scheduler → planner → store and event log → dispatcher → transport → edge, and back from the
 * edge through node manager and status handler into the store, whose events the re-evaluator reads.
 */
export function createOrchestrator(
  ports: OrchestratorPorts,
  settings: OrchestratorSettings,
  recovery: Recovery,
): Orchestrator {
  const { bus, clock, cluster, database, random, log } = ports;
  const store = createStore({ clock, database, log });
  const watch: CreateWatcher = (options) => createWatcher({ clock, store, log }, options);

  const planner = createPlanner({ store, random });
  const work = createWorker({ clock, store, planner, recovery, log }, settings);
  const broker = createEvaluationBroker({ createWatcher: watch, clock, random, store, log, work });
  const transport = createTransport({ bus, clock, log }, settings);
  const dispatcher = createDispatcher({ createWatcher: watch, store, transport, recovery, log });
  const inventory = createInventoryDesk({ bus, log, store, transport });
  const nodeManager = createNodeManager({ bus, clock, log, store, transport, recovery, inventory }, settings);
  const statusHandler = createStatusHandler({ bus, log, store });
  const reEvaluator = createReEvaluator({ createWatcher: watch, clock, random, store, log }, settings);
  const housekeeping = createHousekeeping(
    { clock, store, log, checkTimeouts: () => nodeManager.checkTimeouts() },
    settings,
  );
  const api = createApi(
    { clock, random, cluster, store, transport, presence: nodeManager, log },
    { ...settings, recovery: recovery.name },
  );

  // Readers first, so that nothing the outside brings in goes unseen.
  const parts = [dispatcher, broker, reEvaluator, housekeeping, statusHandler, inventory, nodeManager];
  return {
    api,
    start: () => {
      for (const part of parts) part.start();
      log.info("ORCHESTRATOR: Started", { recovery: recovery.name, avoid: settings.avoid });
    },
    stop: () => {
      for (const part of parts.toReversed()) part.stop();
    },
  };
}
