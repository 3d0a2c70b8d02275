import { vi } from "vitest";
import type * as lineLog from "../../controlplane/adapters/line-log.ts";
import type * as runCli from "../../controlplane/cli/run-cli.ts";
import type * as edge from "../../controlplane/edge/edge.ts";
import type * as executor from "../../controlplane/edge/executor.ts";
import type * as listExecutions from "../../controlplane/edge/list-executions.ts";
import type * as node from "../../controlplane/model/node.ts";
import type * as selector from "../../controlplane/model/selector.ts";
import type * as dispatcher from "../../controlplane/orchestrator/dispatcher/dispatcher.ts";
import type * as watcher from "../../controlplane/orchestrator/event-log/watcher.ts";
import type * as compare from "../../controlplane/orchestrator/inventory/compare.ts";
import type * as inventory from "../../controlplane/orchestrator/inventory/inventory.ts";
import type * as nodeManager from "../../controlplane/orchestrator/node-manager/node-manager.ts";
import type * as orchestrator from "../../controlplane/orchestrator/orchestrator.ts";
import type * as reEvaluator from "../../controlplane/orchestrator/re-evaluator/re-evaluator.ts";
import type * as reconcile from "../../controlplane/orchestrator/scheduler/reconcile.ts";
import type * as statusHandler from "../../controlplane/orchestrator/status-handler/status-handler.ts";
import type * as store from "../../controlplane/orchestrator/store/store.ts";
import type * as transport from "../../controlplane/orchestrator/transport/transport.ts";
import type * as digest from "../../controlplane/protocol/digest.ts";
import type * as machine from "../../harness/engines/sim/machine.ts";

/** What a sabotage can put something else in the place of, by the name under which it is exported. */
type Parts = typeof lineLog &
  typeof runCli &
  typeof edge &
  typeof executor &
  typeof listExecutions &
  typeof node &
  typeof selector &
  typeof dispatcher &
  typeof watcher &
  typeof compare &
  typeof inventory &
  typeof nodeManager &
  typeof orchestrator &
  typeof reEvaluator &
  typeof reconcile &
  typeof statusHandler &
  typeof store &
  typeof transport &
  typeof digest &
  typeof machine;

/** From what a part really is to what it is in the broken system. */
export type Break = { readonly [Name in keyof Parts]?: (real: Parts[Name]) => Parts[Name] };

const { breakable, during } = vi.hoisted(() => {
  type Part = (...given: unknown[]) => unknown;
  let broken: Readonly<Record<string, ((real: Part) => Part) | undefined>> = {};
  return {
    /** A module whose functions are the real ones, except while a break names them. */
    breakable: (module: Readonly<Record<string, unknown>>) =>
      Object.fromEntries(
        Object.entries(module).map(([name, real]) => [
          name,
          typeof real === "function"
            ? (...given: unknown[]) => (broken[name]?.(real as Part) ?? (real as Part))(...given)
            : real,
        ]),
      ),
    during: async <T>(what: Break, work: () => Promise<T>): Promise<T> => {
      broken = what as typeof broken;
      try {
        return await work();
      } finally {
        broken = {};
      }
    },
  };
});

vi.mock(import("../../controlplane/adapters/line-log.ts"), async (real) => breakable(await real()));
vi.mock(import("../../controlplane/cli/run-cli.ts"), async (real) => breakable(await real()));
vi.mock(import("../../controlplane/edge/list-executions.ts"), async (real) => breakable(await real()));
vi.mock(import("../../controlplane/edge/edge.ts"), async (real) => breakable(await real()));
vi.mock(import("../../controlplane/edge/executor.ts"), async (real) => breakable(await real()));
vi.mock(import("../../controlplane/model/node.ts"), async (real) => breakable(await real()));
vi.mock(import("../../controlplane/model/selector.ts"), async (real) => breakable(await real()));
vi.mock(import("../../controlplane/orchestrator/dispatcher/dispatcher.ts"), async (real) =>
  breakable(await real()),
);
vi.mock(import("../../controlplane/orchestrator/event-log/watcher.ts"), async (real) =>
  breakable(await real()),
);
vi.mock(import("../../controlplane/orchestrator/inventory/compare.ts"), async (real) =>
  breakable(await real()),
);
vi.mock(import("../../controlplane/orchestrator/inventory/inventory.ts"), async (real) =>
  breakable(await real()),
);
vi.mock(import("../../controlplane/orchestrator/node-manager/node-manager.ts"), async (real) =>
  breakable(await real()),
);
vi.mock(import("../../controlplane/orchestrator/orchestrator.ts"), async (real) => breakable(await real()));
vi.mock(import("../../controlplane/orchestrator/re-evaluator/re-evaluator.ts"), async (real) =>
  breakable(await real()),
);
vi.mock(import("../../controlplane/orchestrator/scheduler/reconcile.ts"), async (real) =>
  breakable(await real()),
);
vi.mock(import("../../controlplane/orchestrator/status-handler/status-handler.ts"), async (real) =>
  breakable(await real()),
);
vi.mock(import("../../controlplane/orchestrator/store/store.ts"), async (real) => breakable(await real()));
vi.mock(import("../../controlplane/orchestrator/transport/transport.ts"), async (real) =>
  breakable(await real()),
);
vi.mock(import("../../controlplane/protocol/digest.ts"), async (real) => breakable(await real()));
vi.mock(import("../../harness/engines/sim/machine.ts"), async (real) => breakable(await real()));

// Only now: what it loads is breakable.
export const { simulate } = await import("../sim/simulate.ts");

/** Runs `work` in a world in which something is broken; one at a time. */
export { during };
