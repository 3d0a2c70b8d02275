import { afterEach, describe, expect, it, vi } from "vitest";
import * as executor from "../../controlplane/edge/executor.ts";
import * as selector from "../../controlplane/model/selector.ts";
import * as reconcile from "../../controlplane/orchestrator/scheduler/reconcile.ts";
import * as transport from "../../controlplane/orchestrator/transport/transport.ts";
import { defineScenario, type Scenario } from "../../harness/index.ts";
import { bundledSystem } from "../../harness/systems/bundled/bundled.ts";
import type { System, SystemControl } from "../../harness/systems/system.ts";
import type { InvariantId } from "../../harness/vocabulary.ts";
import { simulate, type Simulated } from "./simulate.ts";

// The real parts, each of which a test may put a broken one in the place of.
vi.mock("../../controlplane/edge/executor.ts", { spy: true });
vi.mock("../../controlplane/model/selector.ts", { spy: true });
vi.mock("../../controlplane/orchestrator/scheduler/reconcile.ts", { spy: true });
vi.mock("../../controlplane/orchestrator/transport/transport.ts", { spy: true });
const real = {
  ...(await vi.importActual<typeof executor>("../../controlplane/edge/executor.ts")),
  ...(await vi.importActual<typeof selector>("../../controlplane/model/selector.ts")),
  ...(await vi.importActual<typeof reconcile>("../../controlplane/orchestrator/scheduler/reconcile.ts")),
  ...(await vi.importActual<typeof transport>("../../controlplane/orchestrator/transport/transport.ts")),
};

afterEach(() => {
  vi.mocked(executor.createExecutor).mockReset();
  vi.mocked(selector.matchesSelector).mockReset();
  vi.mocked(reconcile.reconcile).mockReset();
  vi.mocked(transport.createTransport).mockReset();
});

/** A run whose claim is met although something is broken that only one invariant sees. */
interface Sabotage {
  readonly broken: InvariantId;
  readonly by: string;
  readonly run: Scenario["run"];
  readonly edges?: number;
  /** Breaks it. */
  readonly does: () => { readonly fix?: string } | void;
  /** What is found, in part. */
  readonly seen: RegExp;
}

let control: SystemControl;
const system: System = {
  ...bundledSystem,
  connect: (stack) => {
    control = bundledSystem.connect(stack);
    return control;
  },
};

const SABOTAGES: readonly Sabotage[] = [
  {
    broken: 1,
    by: "a transport that loses what is for edge2",
    does: () => {
      vi.mocked(transport.createTransport).mockImplementation((ports, settings) => {
        const own = real.createTransport(ports, settings);
        return {
          ...own,
          publishAsync: (nodeId, command, fields) => {
            const lost = fields["node_name"] === "edge2";
            own.publishAsync(lost ? "nobody" : nodeId, command, fields);
          },
        };
      });
    },
    run: async ({ edges, deploy, claim }) =>
      await claim((await deploy("test-job.yaml")).isDispatchedTo(edges)),
    seen: /^e-[0-9a-f]{8} of test-heartbeat on edge2 is wanted running, and pending$/,
  },
  {
    broken: 2,
    by: "an edge that reports to have stopped, and goes on",
    does: () => {
      vi.mocked(executor.createExecutor).mockImplementation((parts) => {
        const own = real.createExecutor(parts);
        return {
          ...own,
          handle: (command) => {
            if (command.kind === "run_execution") own.handle(command);
            else parts.report({ execution_id: command.execution_id, state: "stopped", message: "stopped" });
          },
        };
      });
    },
    run: stopsAndClaims,
    seen: /runs, wanted stopped, observed stopped; .* runs, wanted stopped, observed stopped$/,
  },
  {
    broken: 3,
    by: "a disk that is lost",
    does: () => {},
    run: async ({ edges, deploy, until, claim }) => {
      const job = await deploy("test-job.yaml");
      await until(job.runsOn(edges));
      await edges.first(1).kill();
      await edges.first(1).recreate({ identity: "wiped" });
      await claim(job.is("running"));
    },
    seen: /^e-[0-9a-f]{8} of test-heartbeat on edge1 is observed running, and does not run there$/,
  },
  {
    broken: 4,
    by: "a scheduler that places a job once more where it runs",
    does: () => {
      vi.mocked(reconcile.reconcile).mockImplementation((snapshot, redispatch) => {
        const plan = real.reconcile(snapshot, redispatch);
        const [only, ...others] = snapshot.executions;
        if (only?.observed.state !== "running" || others.length > 0) return plan;
        return { ...plan, place: [{ nodeId: only.nodeId, replaces: undefined, attempt: 0 }] };
      });
    },
    edges: 1,
    run: runsAndClaims,
    seen: /^at once, at \d+\.\ds: .* on edge1 is running; .* on edge1 is running$/,
  },
  {
    broken: 5,
    by: "an edge that reports twice how an execution ended",
    does: () => {
      vi.mocked(executor.createExecutor).mockImplementation((parts) =>
        real.createExecutor({
          ...parts,
          report: (report) => {
            parts.report(report);
            if (report.state === "stopped") parts.report({ ...report, state: "completed" });
          },
        }),
      );
    },
    run: stopsAndClaims,
    seen: /^refused at \d+\.\ds, and 1 more: .*STORE: Illegal state move refused/,
  },
  {
    broken: 6,
    by: "a scheduler that overlooks edge2",
    does: () => {
      vi.mocked(selector.matchesSelector).mockImplementation(
        (wanted, node) => node.name !== "edge2" && real.matchesSelector(wanted, node),
      );
    },
    run: async ({ edges, deploy, claim }) =>
      await claim((await deploy("test-job.yaml")).runsOn(edges.first(1))),
    seen: /^test-heartbeat is `running` and has nothing on edge2, which is connected, ready and free$/,
  },
  {
    broken: 7,
    by: "a dispatcher that retries what is for a dead node",
    does: () => ({ fix: "block" }),
    edges: 1,
    run: async ({ edges, deploy, until, claim }) => {
      await edges.kill();
      await until(edges.areBelieved("disconnected"));
      const job = await deploy("test-job.yaml");
      await until(job.isDispatchedTo(edges));
      await claim(job.is("deploying"));
    },
    seen: /^it retries one event since \d+s?\.?\d*s?, \d+ times by now: .*ErrNodeNotConnected/,
  },
];

describe("each invariant can be broken, and then it is the only one", () => {
  it.each(SABOTAGES.map((sabotage) => [sabotage.broken, sabotage.by, sabotage] as const))(
    "%i, by %s",
    async (id, _by, { does, run, edges = 2, seen }) => {
      const { result } = await simulated(run, edges, does() ?? {});
      expect(result.invariants.filter(({ held }) => held !== true)).toMatchObject([{ id, held: false }]);
      expect(result.invariants[id - 1]?.seen).toMatch(seen);
      expect(result).toMatchObject({ verdict: "violated", loss: null, asExpected: false });
      expect(result.because).toContain(`the claim was met, but not invariant ${id}`);
    },
  );
});

it("one that the scenario excepts keeps no verdict from being held, and is told all the same", async () => {
  const { run } = SABOTAGES.find(({ broken }) => broken === 3)!;
  const { result } = await simulated(run, 2, {}, { 3: "it is about just that" });
  expect(result.verdict).toBe("held");
  expect(result.invariants[2]).toMatchObject({
    held: false,
    excepted: true,
    seen: expect.stringMatching(/does not run there; excepted: it is about just that$/),
  });
});

// Of what the scenario itself does, and not a broken part, there is no other run.
describe("and all of them hold where nothing is broken", () => {
  it.each(
    SABOTAGES.filter(({ broken }) => broken !== 3).map(
      ({ broken, run, edges = 2 }) => [broken, run, edges] as const,
    ),
  )("%i", async (_id, run, edges) => {
    const { result } = await simulated(run, edges, {});
    expect(result.invariants.map(({ id, held }) => [id, held])).toEqual(
      [1, 2, 3, 4, 5, 6, 7].map((id) => [id, true]),
    );
    expect(result.verdict).toBe("held");
  });
});

async function runsAndClaims({ edges, deploy, claim }: Parameters<Scenario["run"]>[0]): Promise<void> {
  await claim((await deploy("test-job.yaml")).runsOn(edges));
}

async function stopsAndClaims({
  edges,
  deploy,
  until,
  claim,
}: Parameters<Scenario["run"]>[0]): Promise<void> {
  const job = await deploy("test-job.yaml");
  await until(job.runsOn(edges));
  await control.stopJob(job.id);
  await claim(job.is("stopped"));
}

async function simulated(
  run: Scenario["run"],
  edges: number,
  at: { readonly fix?: string },
  excepts: Scenario["excepts"] = {},
): Promise<Simulated> {
  const scenario = defineScenario({
    id: "sabotaged",
    claim: "It is as it should be.",
    covers: [],
    edges,
    jobs: ["test-job.yaml"],
    expected: {},
    excepts,
    run,
  });
  return await simulate({ scenario, seed: 1, profile: "default", system, ...at });
}
