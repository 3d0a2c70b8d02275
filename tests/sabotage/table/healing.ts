import type { Sabotage } from "../sabotage.ts";
import { deafTo, EDGE_IGNORES_STOPS, watching } from "../breaks.ts";

/** Scenarios that hold because something makes a lost message good: here, it does not. */
export const HEALING: readonly Sabotage[] = [
  {
    id: "return-unheard",
    broken: "a re-evaluator for which a node that was never missed cannot return",
    scenario: "deploy-in-disconnect-window",
    fix: "redispatch",
    by: deafTo("re-evaluator", (event) => event.kind === "node-joined" && event.from === "connected"),
    finds: { kind: "claim", loss: "L1" },
  },
  {
    id: "redispatch-unasked",
    broken: "a scheduler that does not ask what has to be sent again",
    scenario: "deploy-while-disconnected",
    fix: "redispatch",
    by: { reconcile: (real) => (snapshot) => real(snapshot, () => []) },
    finds: { kind: "claim", loss: "L2" },
  },
  {
    id: "inventory-never-settled",
    broken: "an inventory desk that is not told when a data plane is ready",
    scenario: "first-node-joins-queued-job",
    fix: "pull",
    by: {
      createInventoryDesk: (real) => (parts) =>
        real({ ...parts, transport: { ...parts.transport, onReady: () => {} } }),
    },
    finds: { kind: "claim", loss: "L3" },
  },
  {
    id: "gives-up-after-one-retry",
    broken: "a dispatcher that tries an event once more, and then skips it",
    scenario: "redeploy-during-handshake",
    fix: "block",
    by: watching("dispatcher", ({ handle }) => {
      let failedSeq = -1;
      return {
        handle: (event) => {
          if (event.seq === failedSeq) return;
          failedSeq = event.seq;
          handle(event);
        },
      };
    }),
    finds: { kind: "claim", loss: "L3" },
  },
  {
    id: "old-ids-live-on",
    broken: "a scheduler for which a deleted node is as good as any",
    scenario: "ghost-of-old-identity",
    fix: "supersede",
    by: { isSchedulable: (real) => (node) => real(node) || node.connection === "deleted" },
    finds: { kind: "claim", loss: "L8" },
  },
  {
    id: "digest-of-nothing",
    broken: "a digest that is the same whatever runs",
    scenario: "restart-with-wiped-disk",
    fix: "resync",
    by: { digestOf: () => () => "0-0" },
    finds: { kind: "claim", loss: "L7" },
  },
  {
    id: "unwanted-overlooked",
    broken: "a comparison that overlooks what should not run",
    scenario: "update-in-disconnect-window",
    fix: "resync",
    by: { compare: (real) => (held, wanted) => ({ ...real(held, wanted), stop: [] }) },
    finds: { kind: "claim", loss: "L6" },
  },
  {
    id: "stops-ignored",
    broken: "an edge that ignores stops",
    scenario: "stop-in-disconnect-window",
    fix: "pull",
    by: EDGE_IGNORES_STOPS,
    finds: { kind: "claim", loss: null },
  },
  {
    id: "pending-for-ever",
    broken: "a store in which what was once pending on a node is so for ever",
    scenario: "cascade-blocks-next-job",
    fix: "redispatch",
    by: {
      createStore: (real) => (ports) => {
        const own = real(ports);
        const everPending = new Map<string, string>();
        return {
          ...own,
          pendingElsewhere: (jobId) => {
            for (const [nodeId, other] of own.pendingElsewhere(jobId)) everPending.set(nodeId, other);
            return new Map([...everPending].filter(([, other]) => other !== jobId));
          },
        };
      },
    },
    finds: { kind: "claim", loss: null },
  },
  {
    id: "edges-disbelieved",
    broken: "a comparison that overlooks what an edge knows better",
    scenario: "status-lost",
    fix: "resync",
    by: { compare: (real) => (held, wanted) => ({ ...real(held, wanted), reports: [] }) },
    finds: { kind: "claim", loss: "L5" },
  },
  {
    id: "digests-unasked",
    broken: "a node manager that asks no edge for digests",
    scenario: "broker-restart-in-window",
    fix: "resync",
    by: {
      createNodeManager: (real) => (parts, settings) => real(parts, { ...settings, resyncIntervalMs: 0 }),
    },
    finds: { kind: "claim", loss: "L1" },
  },
];
