import { isTerminal } from "../../../controlplane/model/execution.ts";
import { subjectFromAll } from "../../../controlplane/protocol/subjects.ts";
import { deafTo, EDGE_IGNORES_STOPS, planning, seeing, settingsOf, watching } from "../breaks.ts";
import type { Sabotage } from "../sabotage.ts";

/** Scenarios that hold without any fix: here, they do not. */
export const SCHEDULING: readonly Sabotage[] = [
  {
    id: "dispatcher-never-starts",
    broken: "a dispatcher that never starts",
    scenario: "deploy-all-connected",
    fix: "none",
    by: { createDispatcher: (real) => (parts) => ({ ...real(parts), start: () => {} }) },
    finds: { kind: "claim", loss: null },
  },
  {
    id: "joins-unheard",
    broken: "a re-evaluator that never hears of a join",
    scenario: "restart-with-new-identity",
    fix: "none",
    by: deafTo("re-evaluator", (event) => event.kind === "node-joined"),
    finds: { kind: "claim", loss: null },
  },
  {
    id: "outdated-runs-on",
    broken: "an edge that ignores stops",
    scenario: "update-after-new-identity",
    fix: "none",
    by: EDGE_IGNORES_STOPS,
    finds: { kind: "claim", loss: null },
  },
  {
    id: "skip-ignored",
    broken: "a dispatcher that never skips what fails, though it was told to",
    scenario: "dead-node-blocks-dispatcher",
    fix: "none",
    by: watching("dispatcher", () => ({ onFailure: "block" })),
    finds: { kind: "claim", loss: null },
  },
  {
    id: "two-seconds-late",
    broken: "a dispatcher that gets to each event two seconds later",
    scenario: "restart-while-dispatcher-blocked",
    fix: "none",
    by: watching("dispatcher", ({ handle }, clock) => ({
      handle: (event) => {
        clock.after(2_000, () => {
          try {
            handle(event);
          } catch {
            // Skipped.
          }
        });
      },
    })),
    finds: { kind: "claim", loss: "L4" },
  },
  {
    id: "latecomers-unseen",
    broken: "a scheduler that sees only the nodes that were there before the job",
    scenario: "new-node-joins",
    fix: "none",
    by: seeing(({ nodes, job }) => ({ nodes: nodes.filter((node) => node.createdAtMs < job.createdAtMs) })),
    finds: { kind: "claim", loss: null },
  },
  {
    id: "return-replaces",
    broken: "a scheduler that gives up what ran when a node joins",
    scenario: "running-execution-reconnects",
    fix: "none",
    by: planning((_, { evaluation, executions }) =>
      evaluation.trigger === "node-join" ? { fail: givenUp(executions.filter((e) => !isTerminal(e))) } : {},
    ),
    finds: { kind: "claim", loss: null },
  },
  {
    id: "impatient",
    broken: "a node manager for which a moment of silence is enough",
    scenario: "brief-disconnect",
    fix: "none",
    by: settingsOf({ disconnectTimeoutMs: 100 }),
    finds: { kind: "claim", loss: null },
  },
  {
    id: "late-reports-unheard",
    broken: "an orchestrator that hears only what is reported within 50 ms",
    scenario: "paused-edge-catches-up",
    fix: "none",
    by: {
      createOrchestrator: (real) => (ports, settings, recovery) => {
        const { bus, clock } = ports;
        const sentAtMs = new Map<string, number>();
        const isLate = (id: string) => clock.nowMs() - (sentAtMs.get(id) ?? 0) > 50;
        return real(
          {
            ...ports,
            bus: {
              ...bus,
              publish: (subject, payload) => {
                sentAtMs.set(executionOf(payload), clock.nowMs());
                bus.publish(subject, payload);
              },
              subscribe: (subject, handler) =>
                bus.subscribe(subject, (message) => {
                  if (subject !== subjectFromAll("status") || !isLate(executionOf(message.payload)))
                    handler(message);
                }),
            },
          },
          settings,
          recovery,
        );
      },
    },
    finds: { kind: "claim", loss: null },
  },
  {
    id: "lost-tolerated",
    broken: "a scheduler that tolerates lost nodes like disconnected ones",
    scenario: "node-lost",
    fix: "none",
    by: { isSchedulable: (real) => (node) => real(node) || node.connection === "lost" },
    finds: { kind: "claim", loss: null },
  },
  {
    id: "nobody-is-enough",
    broken: "a scheduler for which a job that nobody can run is done",
    scenario: "deploy-with-no-nodes",
    fix: "none",
    by: planning(({ state }) =>
      state.type === "queued"
        ? { state: { type: "completed", message: "every execution has completed" } }
        : {},
    ),
    finds: { kind: "claim", loss: null },
  },
  {
    id: "five-at-most",
    broken: "a scheduler that places no job more than five times",
    scenario: "scale-up",
    fix: "none",
    by: planning(({ place }, { executions }) => ({
      place: place.slice(0, Math.max(0, 5 - executions.length)),
    })),
    finds: { kind: "claim", loss: null },
  },
  {
    id: "one-fails-all",
    broken: "a scheduler that gives up all executions of a job with the first that is lost",
    scenario: "scale-down",
    fix: "none",
    by: planning(({ fail }, { executions }) =>
      fail.length > 0 ? { fail: givenUp(executions.filter((e) => !isTerminal(e))) } : {},
    ),
    finds: { kind: "claim", loss: null },
  },
];

function givenUp(executions: readonly { readonly id: string }[]) {
  return executions.map(({ id }) => ({ executionId: id, why: "given up" }));
}

function executionOf(payload: string): string {
  return (JSON.parse(payload) as { readonly execution_id: string }).execution_id;
}
