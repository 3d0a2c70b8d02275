import type { Bus, BusSubscription } from "../ports/bus.ts";
import type { BrokerCredentials } from "../ports/credentials.ts";
import type { HttpHandler } from "../ports/http.ts";
import { decode, edgeCommand, type StatusReport } from "../protocol/messages.ts";
import { inboxPrefix, nodeSubject, subjectTo } from "../protocol/subjects.ts";
import { openExecutionRecords } from "./execution-records.ts";
import { createExecutor, type Executor } from "./executor.ts";
import { loadIdentity, type IdentityPorts } from "./identity.ts";
import { createMembership } from "./membership.ts";
import type { EdgeSettings } from "./settings.ts";

export interface EdgePorts extends IdentityPorts {
  /** Resolves once connected; asks the broker for answers under `inboxPrefix`. */
  readonly connect: (broker: {
    readonly url: string;
    readonly credentials?: BrokerCredentials | undefined;
    readonly inboxPrefix: string;
  }) => Promise<Bus>;
}

/** Where the message broker is, if nobody says so. */
const DEFAULT_BROKER_URL = "nats://localhost:4222";

export interface Edge {
  /**
   * Gets an identity, connects with what proves it, resumes what was running, listens, and only then introduces
   * itself, so that nothing sent after the handshake can miss it. Resolves once it listens.
   * @throws IdentityError
   * @throws BrokerRefusedError
   */
  start(): Promise<void>;
  /** Resolves once its last words are sent. */
  stop(): Promise<void>;
  /** For this machine only: what really runs here. `GET /executions`. */
  readonly api: HttpHandler;
}

/** The agent on one machine: takes commands from NATS, runs pipelines, reports. */
export function createEdge(ports: EdgePorts, settings: EdgeSettings): Edge {
  const { clock, disk, host, log, random } = ports;
  let bus: Bus | undefined;
  let executor: Executor | undefined;
  let subscription: BusSubscription | undefined;
  let membership: { stop(): void } | undefined;

  return {
    api: ({ method, target }) =>
      method === "GET" && target === "/executions"
        ? { status: 200, body: JSON.stringify(executor?.running() ?? []) }
        : { status: 404, body: JSON.stringify(`there is no ${method} ${target}`) },
    start: async () => {
      const { nodeId, broker } = await loadIdentity(ports, settings);
      const url = settings.natsUrl ?? broker?.url ?? DEFAULT_BROKER_URL;
      const connected = await ports.connect({
        url,
        credentials: broker?.credentials,
        inboxPrefix: inboxPrefix(nodeId),
      });
      bus = connected;
      log.info("BUS: Connected", { url, authenticated: broker !== undefined });
      const running = createExecutor({
        clock,
        random,
        host,
        log,
        records: openExecutionRecords(disk, log),
        // At most once, in this direction too: without a listener the report is gone (loss L5).
        report: (report) => {
          const message: StatusReport = { node_id: nodeId, ...report };
          connected.publish(subjectTo("status", nodeId), JSON.stringify(message));
        },
      });
      executor = running;
      running.resume();
      subscription = connected.subscribe(nodeSubject(nodeId), (message) => {
        const command = decode(edgeCommand, message.payload);
        if (command.ok) running.handle(command.value);
        else log.warn("EDGE: Malformed command ignored", { problem: command.problem });
      });
      const joined = createMembership(
        { bus: connected, clock, host, log, executions: running },
        { id: nodeId, settings },
      );
      membership = joined;
      joined.start();
      log.info("EDGE: Started", { node_id: nodeId, node_name: settings.name });
    },
    stop: async () => {
      membership?.stop();
      subscription?.unsubscribe();
      executor?.stopAll();
      await bus?.close();
    },
  };
}
