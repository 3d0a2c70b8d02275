import type { EdgePorts } from "../../../controlplane/edge/edge.ts";
import { NoRespondersError } from "../../../controlplane/ports/bus.ts";
import { nodeSubject } from "../../../controlplane/protocol/subjects.ts";
import type { Break } from "../breakable.ts";
import { planning, watching } from "../breaks.ts";
import type { Sabotage } from "../sabotage.ts";

const PLANES_DIE: Break = {
  createTransport: (real) => (ports, settings) => {
    const own = real(ports, settings);
    const watch = (nodeId: string): void => {
      ports.clock.after(50, () => void look(nodeId));
    };
    const look = async (nodeId: string) => {
      if (own.dataPlane(nodeId) === "none") return;
      const seen = await ports.bus
        .request(nodeSubject(nodeId), "{}", { timeoutMs: 10 })
        .catch((error: unknown) => error);
      if (seen instanceof NoRespondersError) own.closeDataPlane(nodeId);
      else watch(nodeId);
    };
    return {
      ...own,
      openDataPlane: (node) => {
        own.openDataPlane(node);
        watch(node.id);
      },
    };
  },
};

/** A transport that publishes whether or not the data plane is ready. */
const PLANES_NOT_NEEDED: Break = {
  createTransport: (real) => (ports, settings) => ({
    ...real(ports, settings),
    publishAsync: (nodeId, command, fields) => {
      ports.log.info("PUBLISH: connection_exists=true connection_alive=true", fields);
      ports.bus.publish(nodeSubject(nodeId), JSON.stringify(command));
    },
  }),
};

const RESENDS_AT_HANDSHAKES: Break = {
  createDispatcher: (real) => (parts) =>
    real({
      ...parts,
      createWatcher: (options) =>
        parts.createWatcher({
          ...options,
          filter: (event) => event.kind === "node-joined" || options.filter(event),
          handle: (event) => {
            if (event.kind !== "node-joined") return options.handle(event);
            for (const execution of parts.store.executions({ nodeId: event.nodeId })) {
              const { jobId, jobVersion, nodeId } = execution;
              const spec = parts.store.jobSpec(jobId, jobVersion);
              if (spec === undefined) continue;
              const request = {
                kind: "run_execution",
                execution_id: execution.id,
                job_id: jobId,
                job_name: spec.name,
                job_version: jobVersion,
                pipeline: spec.config,
              } as const;
              const fields = { execution_id: execution.id, node_id: nodeId, command: request.kind };
              parts.transport.publishAsync(nodeId, request, fields);
            }
          },
        }),
    }),
};

/** An edge that shakes hands first, and listens so many milliseconds later. */
function listeningLate(byMs: number): Break {
  return {
    createEdge: (real) => (ports, settings) => {
      const connect: EdgePorts["connect"] = async (broker) => {
        const bus = await ports.connect(broker);
        return {
          ...bus,
          subscribe: (subject, handler) => {
            let own: { unsubscribe(): void } | undefined;
            const later = ports.clock.after(byMs, () => {
              own = bus.subscribe(subject, handler);
            });
            return {
              unsubscribe: () => {
                later.cancel();
                own?.unsubscribe();
              },
            };
          },
        };
      };
      return real({ ...ports, connect }, settings);
    },
  };
}

/** Scenarios that lose a message: here, the same ones lose it in another way. */
export const LOSSES: readonly Sabotage[] = [
  {
    id: "planes-die-with-edges",
    broken: "a transport that drops a data plane as soon as nobody listens behind it",
    scenario: "deploy-in-disconnect-window",
    fix: "none",
    by: PLANES_DIE,
    finds: { kind: "loss", not: "L1", but: null },
  },
  {
    id: "planes-outlive-nodes",
    broken: "a transport that keeps the data plane of a node that was noticed to be gone",
    scenario: "deploy-while-disconnected",
    fix: "none",
    by: {
      createTransport:
        (real) =>
        (...given) => ({ ...real(...given), closeDataPlane: () => {} }),
    },
    finds: { kind: "loss", not: "L2", but: "L1" },
  },
  {
    id: "handshake-before-subscription",
    broken: "a transport that waits for no data plane, and an edge that shakes hands before it listens",
    scenario: "first-node-joins-queued-job",
    fix: "none",
    by: { ...PLANES_NOT_NEEDED, ...listeningLate(1_000) },
    finds: { kind: "loss", not: "L3", but: "L1" },
  },
  {
    id: "nothing-forgotten",
    broken: "a dispatcher that reads on where it was before the restart",
    scenario: "restart-while-dispatcher-blocked",
    fix: "block",
    by: watching("dispatcher", () => ({ startAt: "checkpoint", checkpoint: "each" })),
    finds: { kind: "loss", not: "L4", but: null },
  },
  {
    id: "end-kept-to-itself",
    broken: "an edge that tells nobody of an end",
    scenario: "status-lost",
    fix: "none",
    by: {
      createExecutor: (real) => (parts) =>
        real({
          ...parts,
          report: (report) => {
            if (report.state !== "completed") parts.report(report);
          },
        }),
    },
    finds: { kind: "loss", not: "L5", but: null },
  },
  {
    id: "stop-refused",
    broken: "a transport that drops a data plane as soon as nobody listens behind it",
    scenario: "stop-in-disconnect-window",
    fix: "none",
    by: PLANES_DIE,
    finds: { kind: "loss", not: "L6", but: null },
  },
  {
    id: "sent-again-too-early",
    broken: "a dispatcher that sends at a handshake what ran there, to an edge that listens 200 ms later",
    scenario: "restart-with-wiped-disk",
    fix: "none",
    by: { ...PLANES_NOT_NEEDED, ...listeningLate(200), ...RESENDS_AT_HANDSHAKES },
    finds: { kind: "loss", not: "L7", but: null },
  },
  {
    id: "ghost-retired-in-vain",
    broken: "a node manager that retires old ids, and a scheduler for which no later version ever runs",
    scenario: "ghost-of-old-identity",
    fix: "none",
    by: {
      createNodeManager: (real) => (parts, settings) =>
        real({ ...parts, recovery: { ...parts.recovery, supersedes: true } }, settings),
      ...planning(({ state }, { job }) =>
        state.type === "running" && job.version > 1
          ? { state: { type: "deploying", message: "not yet" } }
          : {},
      ),
    },
    finds: { kind: "loss", not: "L8", but: null },
  },
];
