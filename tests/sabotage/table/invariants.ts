import { obeying, planning, watching } from "../breaks.ts";
import type { Sabotage } from "../sabotage.ts";

/** Scenarios whose claim is met: here, something is broken that only one invariant sees. */
export const INVARIANTS: readonly Sabotage[] = [
  {
    id: "stuck-job-passed-by",
    broken: "a scheduler that sends nothing again, and lets no pending execution keep a node from other jobs",
    scenario: "cascade-blocks-next-job",
    fix: "redispatch",
    by: { reconcile: (real) => (snapshot) => real({ ...snapshot, avoid: "same-job" }, () => []) },
    finds: { kind: "invariant", id: 1, seen: "of new-test-job on edge1 is wanted running, and pending" },
  },
  {
    id: "says-stopped-runs-on",
    broken: "an edge that reports to have stopped, and goes on",
    scenario: "update-after-new-identity",
    fix: "none",
    by: obeying((command, edge) => {
      if (command.kind === "run_execution") edge.obey(command);
      else edge.report({ execution_id: command.execution_id, state: "stopped", message: "stopped" });
    }),
    finds: { kind: "invariant", id: 2, seen: "runs, wanted stopped, observed stopped" },
  },
  {
    id: "nothing-resumed",
    broken: "an edge that does not go on with what its disk holds",
    scenario: "running-execution-reconnects",
    fix: "none",
    by: { createExecutor: (real) => (parts) => ({ ...real(parts), resume: () => {} }) },
    finds: { kind: "invariant", id: 3, seen: "on edge1 is observed running, and does not run there" },
  },
  {
    id: "placed-twice",
    broken: "a scheduler that places everything twice",
    scenario: "deploy-all-connected",
    fix: "none",
    by: planning(({ place }) => ({ place: place.flatMap((one) => [one, one]) })),
    finds: {
      kind: "invariant",
      id: 4,
      seen: "is running; e-",
    },
  },
  {
    id: "ends-twice",
    broken: "an edge that reports two ends of one execution",
    scenario: "update-after-new-identity",
    fix: "none",
    by: obeying((command, edge) => {
      edge.obey(command);
      if (command.kind === "stop_execution")
        edge.report({ execution_id: command.execution_id, state: "completed", message: "completed" });
    }),
    finds: { kind: "invariant", id: 5, seen: "STORE: Illegal state move refused" },
  },
  {
    id: "node-overlooked",
    broken: "a scheduler that overlooks edge2 for jobs that may run anywhere",
    scenario: "dead-node-blocks-dispatcher",
    fix: "none",
    by: {
      matchesSelector: (real) => (selector, node) =>
        real(selector, node) &&
        (node.name !== "edge2" || Object.keys(selector.match_labels ?? {}).length > 0),
    },
    finds: { kind: "invariant", id: 6, seen: "and has nothing on edge2, which is connected, ready and free" },
  },
  {
    id: "stumbles-over-reports",
    broken: "a dispatcher that wants to deal with what edges report, and cannot",
    scenario: "deploy-all-connected",
    fix: "block",
    by: watching("dispatcher", ({ filter, handle }) => ({
      filter: (event) => filter(event) || event.kind === "execution-observed",
      handle: (event) => {
        if (event.kind === "execution-observed" && event.to === "running") throw new Error("what is that");
        handle(event);
      },
    })),
    finds: { kind: "invariant", id: 7, seen: ": what is that" },
  },
];
