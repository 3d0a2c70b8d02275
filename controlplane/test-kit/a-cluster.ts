import { openSqliteDatabase } from "../adapters/sqlite-database.ts";
import { createEdge, type Edge } from "../edge/edge.ts";
import { IDENTITY_FILE } from "../edge/identity.ts";
import { createOrchestrator } from "../orchestrator/orchestrator.ts";
import type { Recovery } from "../orchestrator/contracts.ts";
import { noRecovery } from "../orchestrator/recovery/none.ts";
import type { OrchestratorSettings } from "../orchestrator/settings.ts";
import type { Database } from "../ports/database.ts";
import type { HttpHandler } from "../ports/http.ts";
import type { LogFields } from "../ports/log.ts";
import { aClusterKey, someCredentials } from "./a-cluster-key.ts";
import { aHost } from "./a-host.ts";
import { aUuid, createCountingRandom } from "./counting-random.ts";
import { createManualClock, type ManualClock } from "./manual-clock.ts";
import { createMemoryBroker, type MemoryBroker } from "./memory-bus.ts";
import { createMemoryDisk, type MemoryDisk } from "./memory-disk.ts";
import { createRecordingLog, type RecordingLog } from "./recording-log.ts";

/** Short enough for a test to wait for each, and no two alike. */
export const CLUSTER_SETTINGS: OrchestratorSettings = {
  heartbeatMs: 1_000,
  disconnectTimeoutMs: 3_000,
  lostTimeoutMs: 6_000,
  reevaluationBatchMs: 700,
  housekeepingMs: 1_100,
  dataPlaneSetupMs: 250,
  resyncIntervalMs: 1_300,
  avoid: "any-job",
  brokerUrl: "nats://nats:4222",
};

export interface Cluster {
  readonly clock: ManualClock;
  readonly broker: MemoryBroker;
  readonly database: Database;
  /** What the orchestrators said, one after the other. */
  readonly log: RecordingLog;
  /** Ends the orchestrator as a kill does, if it runs: memory is lost, the database stays. */
  killOrchestrator(): void;
  /** Ends it in an orderly way. */
  stopOrchestrator(): void;
  /** Starts it on the same database. */
  startOrchestrator(): void;
  /** The API, for requests of any kind. @throws if the orchestrator does not run. */
  readonly api: HttpHandler;
  /** Path below `/api/v1`. @throws if the orchestrator does not run. */
  call(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ readonly status: number; readonly body: unknown }>;
  /** A machine, off at first, whose disk survives. */
  edge(id: string, name: string): ClusterEdge;
}

export interface ClusterEdge {
  readonly id: string;
  readonly disk: MemoryDisk;
  readonly log: RecordingLog;
  start(labels?: Readonly<Record<string, string>>): Promise<void>;
  kill(): void;
  isUp(): boolean;
  /** What really runs there. */
  running(): Promise<readonly { readonly execution_id: string; readonly job_name: string }[]>;
}

/** The whole control plane, and edges, in one process: the real parts, on a clock and a bus of the test's own. */
export function aCluster(
  given: {
    readonly settings?: Partial<OrchestratorSettings>;
    /** None unless told. */
    readonly recovery?: Recovery | undefined;
    readonly onLine?: (line: { readonly message: string; readonly fields: LogFields }) => void;
  } = {},
): Cluster {
  const clock = createManualClock();
  const broker = createMemoryBroker(clock);
  const database = openSqliteDatabase(":memory:");
  const log = createRecordingLog(given.onLine);
  const random = createCountingRandom();
  let orchestrator: { readonly parts: ReturnType<typeof createOrchestrator>; kill(): void } | undefined;

  const api: HttpHandler = (request) => {
    if (orchestrator === undefined) throw new Error("the orchestrator does not run");
    return orchestrator.parts.api(request);
  };

  return {
    clock,
    broker,
    database,
    log,
    api,
    startOrchestrator: () => {
      const own = { clock: clock.forProcess(), bus: broker.connect() };
      const parts = createOrchestrator(
        { ...own, cluster: aClusterKey(), database, random, log },
        { ...CLUSTER_SETTINGS, ...given.settings },
        given.recovery ?? noRecovery,
      );
      parts.start();
      orchestrator = {
        parts,
        kill: () => {
          own.clock.kill();
          own.bus.kill();
        },
      };
    },
    stopOrchestrator: () => {
      orchestrator?.parts.stop();
      orchestrator = undefined;
    },
    killOrchestrator: () => {
      orchestrator?.kill();
      orchestrator = undefined;
    },
    call: async (method, path, body) => {
      const response = await api({
        method,
        target: `/api/v1${path}`,
        authorization: undefined,
        body: body === undefined ? "" : JSON.stringify(body),
      });
      return { status: response.status, body: JSON.parse(response.body) };
    },
    edge: (id, name) => aMachine({ clock, broker }, id, name),
  };
}

function aMachine(
  { clock, broker }: { readonly clock: ManualClock; readonly broker: MemoryBroker },
  id: string,
  name: string,
): ClusterEdge {
  const disk = createMemoryDisk({ [IDENTITY_FILE]: JSON.stringify({ node_id: id }) });
  const log = createRecordingLog();
  let agent: { readonly edge: Edge; kill(): void } | undefined;
  return {
    id,
    disk,
    log,
    isUp: () => agent !== undefined,
    start: async (labels = {}) => {
      const own = { clock: clock.forProcess(), bus: broker.connect() };
      const http = { request: () => Promise.reject(new Error("an edge with an identity asks nobody")) };
      const edge = createEdge(
        {
          clock: own.clock,
          connect: () => Promise.resolve(own.bus),
          disk,
          log,
          http,
          random: createCountingRandom(),
          credentials: someCredentials(),
          host: aHost(),
        },
        { name, labels },
      );
      agent = {
        edge,
        kill: () => {
          own.clock.kill();
          own.bus.kill();
        },
      };
      await edge.start();
    },
    kill: () => {
      agent?.kill();
      agent = undefined;
    },
    running: async () => {
      if (agent === undefined) return [];
      const request = { method: "GET", target: "/executions", authorization: undefined, body: "" };
      const response = await agent.edge.api(request);
      return JSON.parse(response.body) as { execution_id: string; job_name: string }[];
    },
  };
}

/** The id of the first node in a test, the second, and so on; never one that the orchestrator gives out. */
export function aNodeId(number: number): string {
  return aUuid(900_000 + number);
}
