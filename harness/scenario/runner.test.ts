import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { EnvironmentError, UsageError } from "../errors.ts";
import { ControlError, type Remedy, type System } from "../systems/system.ts";
import { aCluster, type Happenings, type TestCluster } from "../test-kit/a-cluster.ts";
import { anExecution, aJob } from "../test-kit/a-view.ts";
import { ofKind } from "../timeline/timeline.ts";
import { PROFILES, type Timing } from "../timing/profile.ts";
import type { Scenario, ScenarioContext } from "./define.ts";
import { runScenario, type RunOutcome, type RunRequest } from "./runner.ts";

const TIMING = PROFILES["fast"]?.timing as Timing;
const W_MS = 3_750;
const NEVER = new Promise<never>(() => {});

describe("a claim that is met", () => {
  it("is held, and the machines are removed", async () => {
    const { outcome, cluster } = await run(deployAndClaim, runsAtOnce());
    expect(outcome.verdict).toEqual({ is: "held", because: "job is `running`, 2 of 2 running" });
    expect(cluster.calls).toEqual([
      "start nats",
      "start orchestrator",
      "start edge1",
      "start edge2",
      "look",
      "deploy job.yaml",
      "look",
      // For the invariants.
      "look",
      "look",
      "remove the stack",
    ]);
  });

  it("is held as late as the end of W", async () => {
    const { outcome } = await run(async (context) => await claimThatHoldsAfter(W_MS, context));
    expect(outcome.verdict.is).toBe("held");
  });

  it("leaves a record of what was done, in order", async () => {
    const { outcome } = await run(deployAndClaim, runsAtOnce());
    expect(ofKind(outcome.timeline, "step").map(({ verb, subject }) => `${verb}: ${subject}`)).toEqual([
      "start: nats, orchestrator, edge1, edge2",
      "see: edge1, edge2 connected and ready",
      "deploy: job.yaml",
      "deployed: job",
      "judge: job runs on edge1, edge2",
      "settle: until nothing has changed for W = 3.8s",
    ]);
    expect(ofKind(outcome.timeline, "claim")).toMatchObject([{ held: true, job: "j-job", windowMs: W_MS }]);
  });
});

describe("a claim that is not met", () => {
  it("is violated after all of W, and names the loss that the system explains", async () => {
    const { outcome, cluster } = await run(deployAndClaim, {
      act: (deed, at) => {
        if (deed.startsWith("deploy")) place(at, "pending");
        if (deed === "deploy job.yaml") at.print("orchestrator", "progress job_id=j-job");
      },
      explainLoss: ({ stuck, timeline }) => ({
        loss: "L1",
        because: `${stuck.length} lost`,
        at: timeline[0] as never,
        witnesses: [
          { source: "state", at: 0, text: "" },
          { source: "log", at: 0, text: "" },
        ],
      }),
    });
    expect(outcome.verdict).toMatchObject({ is: "violated", loss: "L1" });
    expect(outcome.verdict.because).toContain("; message lost: 2 lost");
    expect(outcome.virtualMs).toBeGreaterThanOrEqual(W_MS);
    expect(cluster.calls.at(-1)).toBe("remove the stack");
  });

  it.each([
    [
      "is unknown where the broker's record could not be read to its end, and an execution waits for a message",
      "pending",
      "unknown",
    ],
    ["is violated where none waits for any, though the broker has nothing to say", undefined, "violated"],
  ] as const)("%s", async (_what, execution, verdict) => {
    const { outcome } = await run(deployAndClaim, {
      isBrokerSilent: true,
      act: (deed, at) => {
        if (deed !== "deploy job.yaml") return;
        if (execution !== undefined) place(at, execution);
        return new Promise((resolve) => {
          at.clock.after(10, () => {
            at.print("orchestrator", "progress job_id=j-job");
            resolve();
          });
        });
      },
    });
    expect(outcome.verdict.is).toBe(verdict);
    if (verdict === "unknown")
      expect(outcome.verdict.because).toBe(
        "the log streams could not be read past the end of W, so what is missing may only be late",
      );
  });
});

describe("a loss that was named", () => {
  const remedies: readonly Remedy[] = [{ do: "retire", what: "the removal of n-1", nodeId: "n-1" }];
  const pending: Happenings = {
    act: (deed, at) => {
      if (deed === "deploy job.yaml") place(at, "pending");
      if (deed === "deploy job.yaml") at.print("orchestrator", "progress job_id=j-job");
    },
    explainLoss: ({ timeline }) => ({
      loss: "L1",
      because: "lost",
      at: timeline[0] as never,
      witnesses: (["state", "log"] as const).map((source) => ({ source, at: 0, text: "" })),
      remedies,
    }),
  };

  it("is proven after the verdict, if that is asked for, and the record is whole and in order", async () => {
    const cluster = aCluster(pending);
    const outcome = await runProving(cluster, async () => {
      place(cluster, "running");
      cluster.print("orchestrator", "progress job_id=j-job");
    });
    expect(outcome).toMatchObject({ verdict: { is: "violated", loss: "L1" }, proof: { proven: true } });
    expect(ofKind(outcome.timeline, "proof")).toHaveLength(1);
    const times = outcome.timeline.map(({ atMs }) => atMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(cluster.calls.at(-1)).toBe("remove the stack");
    expect((await run(deployAndClaim, pending)).outcome.proof).toBeUndefined();
  });

  it("stays what it is if the delivery fails, which is told", async () => {
    const refused = () => Promise.reject(new ControlError("nats-publish: refused it"));
    expect(await runProving(aCluster(pending), refused)).toMatchObject({
      verdict: { loss: "L1" },
      proof: { why: "nats-publish: refused it" },
    });
  });

  async function runProving(cluster: TestCluster, deliver: () => Promise<void>) {
    const system: System = {
      ...cluster.system,
      connect: (stack) => ({ ...cluster.system.connect(stack), deliver }),
    };
    return await runOn({ ...cluster, system }, deployAndClaim, { prove: true });
  }
});

describe("a run that cannot tell is unknown", () => {
  it("where a fault did not bite", async () => {
    const { outcome, cluster } = await run(killAndClaim, {
      act: (deed) => (deed === "kill edge2" ? { bit: false, seen: "edge2 still runs" } : undefined),
    });
    expect(outcome.verdict).toEqual({
      is: "unknown",
      because: "kill of edge1, edge2 did not bite: edge2 not: edge2 still runs; edge1 done: kill edge1: done",
    });
    expect(ofKind(outcome.timeline, "fault")).toMatchObject([{ fault: "kill", bit: false }]);
    expect(cluster.calls.at(-1)).toBe("remove the stack");
  });

  it("where the system's own command refuses", async () => {
    const { outcome } = await run(deployAndClaim, {
      act: (deed) => {
        if (deed.startsWith("deploy")) throw new ControlError("expanso-cli job deploy -: exit 1: no leader");
      },
    });
    expect(outcome.verdict).toEqual({
      is: "unknown",
      because: "expanso-cli job deploy -: exit 1: no leader",
    });
  });

  it("where the edges never get ready", async () => {
    const { outcome } = await run(deployAndClaim, {
      act: (deed, at) => {
        if (deed === "look") at.seen = { ...at.seen, nodes: [] };
      },
    });
    expect(outcome).toMatchObject({
      verdict: {
        is: "unknown",
        because: "waited 33750 ms until edge1, edge2 connected and ready; last seen: edge1, edge2 not ready",
      },
      setupMs: 0,
    });
  });

  it("where the scenario claims nothing", async () => {
    const { outcome } = await run(async () => {});
    expect(outcome.verdict.is).toBe("unknown");
  });

  it("where a verb fails, and then the healing of a fault: both are said", async () => {
    const { outcome } = await run(
      async ({ edges, premise }) => {
        await using _cut = await edges.cut();
        await premise(edges.areBelieved("lost"));
      },
      { act: (deed) => (deed.startsWith("heal") ? { bit: false, seen: "another address" } : undefined) },
    );
    expect(outcome.verdict).toEqual({
      is: "unknown",
      because:
        "the premise slipped: the orchestrator believes edge1, edge2 lost; seen: edge1 connected, edge2 connected; " +
        "then heal of edge1, edge2 did not bite: another address",
    });
  });
});

describe("what is thrown, and the machines are removed", () => {
  const full = new EnvironmentError({ wanted: "edge1", seen: "no space left", mend: "free some" });

  it.each([
    ["when the engine fails at the start", "start edge1", "edge1: no space left"],
    [
      "when the engine fails at a fault",
      "kill edge1",
      "kill edge1, edge2: edge1 not: edge1: no space left; edge2 done: kill edge2: done",
    ],
  ])("the EnvironmentError, %s", async (_when, failing, message) => {
    const cluster = aCluster({ act: throwing(failing, full) });
    await expect(runOn(cluster, killAndClaim)).rejects.toMatchObject({
      name: full.name,
      message,
      mend: full.mend,
    });
    expect(cluster.calls.at(-1)).toBe("remove the stack");
  });

  it("that a machine ended by itself, instead of waiting for it until the time is up", async () => {
    const cluster = aCluster({
      act: (deed) => (deed === "look" ? new Promise<never>(() => {}) : undefined),
      fell: (name) =>
        name === "edge1" ? Promise.resolve({ exitCode: 1, seen: "container 1a2b ended" }) : NEVER,
    });
    await expect(runOn(cluster, killAndClaim)).rejects.toThrow(
      "wait for edge1 to come up: container 1a2b ended",
    );
    expect(cluster.clock.nowMs()).toBe(aCluster().clock.nowMs());
    expect(cluster.calls.at(-1)).toBe("remove the stack");
  });

  it("the EnvironmentError of a healing, though a premise slipped before", async () => {
    const cluster = aCluster({ act: throwing("heal edge1", full) });
    const work = runOn(cluster, async ({ edges, premise }) => {
      await using _cut = await edges.cut();
      await premise(edges.areBelieved("lost"));
    });
    await expect(work).rejects.toMatchObject({ name: full.name, cause: full });
  });

  it("the defect, when the scenario or the harness has one", async () => {
    const defect = new TypeError("edges.explode is not a function");
    const cluster = aCluster();
    await expect(runOn(cluster, () => Promise.reject(defect))).rejects.toBe(defect);
    expect(cluster.calls.at(-1)).toBe("remove the stack");
  });

  it("wrong usage, when the scenario deploys a job file that it does not list", async () => {
    const work = runOn(aCluster(), async ({ deploy }) => void (await deploy("other.yaml")));
    await expect(work).rejects.toThrow(
      new UsageError("the scenario deploys other.yaml, but does not list it under `jobs`"),
    );
  });

  it("both, when the clean-up fails as well: none hides the other", async () => {
    const left = new EnvironmentError({ wanted: "to remove edge1", seen: "busy", mend: "repro clean" });
    const defect = new TypeError("x");
    const cluster = aCluster({ act: throwing("remove the stack", left) });
    const error: unknown = await runOn(cluster, () => Promise.reject(defect)).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(SuppressedError);
    expect(error).toMatchObject({ error: left, suppressed: defect });
  });
});

describe("an interrupted run", () => {
  it.each([false, true])("removes its machines, asked to keep them or not: keep %s", async (keep) => {
    const { work, cluster, interrupt, reason } = interruptible({ keep });
    await cluster.clock.advance(100);
    interrupt();
    await expect(cluster.clock.drive(work)).rejects.toBe(reason);
    expect(cluster.calls.at(-1)).toBe("remove the stack");
    expect(cluster.calls).not.toContain("keep the stack");
    expect(cluster.clock.pending()).toBe(0);
  });

  it("does not wait for a verb that takes its time", async () => {
    const { work, cluster, interrupt, reason } = interruptible({
      act: (deed) => (deed === "kill edge1" ? new Promise(() => {}) : undefined),
    });
    await cluster.clock.advance(100);
    interrupt();
    await expect(work).rejects.toBe(reason);
    expect(cluster.calls.at(-1)).toBe("remove the stack");
  });

  it("starts nothing when it was interrupted before", async () => {
    const reason = new Error("interrupted");
    const cluster = aCluster();
    const signal = AbortSignal.abort(reason);
    await expect(runOn(cluster, killAndClaim, { signal })).rejects.toBe(reason);
    expect(cluster.calls).toEqual(["remove the stack"]);
  });

  function interruptible(at: Happenings & { readonly keep?: boolean }) {
    const controller = new AbortController();
    const reason = new Error("interrupted by SIGINT");
    const cluster = aCluster(at);
    const request = aRequest(cluster, {
      run: killAndClaim,
      signal: controller.signal,
      keep: at.keep ?? false,
    });
    return { work: runScenario(request), cluster, reason, interrupt: () => controller.abort(reason) };
  }
});

it("leaves its machines as they are if asked to, and says so only at the end", async () => {
  const cluster = aCluster();
  await runOn(cluster, deployAndClaim, { keep: true });
  expect(cluster.calls).not.toContain("remove the stack");
  expect(cluster.calls.indexOf("keep the stack")).toBe(cluster.calls.length - 1);
});

describe("an engine that goes away", () => {
  const gone = new EnvironmentError({ wanted: "go on", seen: "the engine has gone", mend: "repro clean" });
  const refused = new EnvironmentError({ wanted: "look", seen: "is not running", mend: "docker info" });
  const failing = () => Promise.withResolvers<never>();

  it("ends the run, whatever that waits for", async () => {
    const { promise: failed, reject } = failing();
    const cluster = aCluster({ failed });
    const work = runOn(cluster, async () => {
      reject(gone);
      await new Promise<void>(() => {});
    });
    await expect(work).rejects.toBe(gone);
    expect(cluster.calls).toContain("remove the stack");
  });

  it("is what is told, although it refused something before it had gone", async () => {
    const { promise: failed, reject } = failing();
    const cluster = aCluster({ failed });
    const work = runOn(cluster, async () => {
      cluster.clock.after(2_000, () => reject(gone));
      throw refused;
    });
    await expect(work).rejects.toBe(gone);
  });

  it("is not blamed for what fails while it stays", async () => {
    const cluster = aCluster({ failed: failing().promise });
    await expect(runOn(cluster, () => Promise.reject(refused))).rejects.toBe(refused);
    expect(cluster.clock.pending()).toBe(0);
  });
});

it("leaves neither a timer nor a listener on the signal behind, after any end", async () => {
  const { signal } = new AbortController();
  for (const scenario of [deployAndClaim, killAndClaim, () => Promise.reject(new Error("x"))]) {
    const cluster = aCluster();
    await runOn(cluster, scenario, { signal }).catch(() => {});
    expect(cluster.clock.pending()).toBe(0);
  }
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

it("passes every line on, and tells every entry as it is recorded", async () => {
  const lines: string[] = [];
  const told: string[] = [];
  const { outcome } = await run(deployAndClaim, runsAtOnce(), {
    onLine: (machine, text) => lines.push(`${machine}: ${text}`),
    onEntry: (entry) => told.push(entry.kind),
  });
  expect(lines).toContain("orchestrator: ready node_name=edge2");
  expect(told).toHaveLength(outcome.timeline.length);
});

async function deployAndClaim({ edges, deploy, claim }: ScenarioContext): Promise<void> {
  const job = await deploy("job.yaml");
  await claim(job.runsOn(edges));
}

async function killAndClaim(context: ScenarioContext): Promise<void> {
  await context.edges.kill();
  await deployAndClaim(context);
}

async function claimThatHoldsAfter(delayMs: number, { claim }: ScenarioContext): Promise<void> {
  const startedMs = clockOf.nowMs();
  await claim({
    what: "it is late",
    wakesOn: () => false,
    look: () => Promise.resolve({ met: clockOf.nowMs() - startedMs >= delayMs, seen: "late" }),
  });
}

/** The clock of the cluster that ran last. */
let clockOf: TestCluster["clock"];

/** What the orchestrator believes once the job is placed on both edges. */
function place(cluster: TestCluster, observed: string): void {
  const execution = (edge: string) =>
    anExecution({ id: `e-${edge}`, jobId: "j-job", nodeId: `n-${edge}`, observed });
  cluster.seen = {
    nodes: cluster.seen.nodes,
    jobs: [aJob({ id: "j-job", name: "job", state: observed === "running" ? "running" : "deploying" })],
    executions: [execution("edge1"), execution("edge2")],
  };
}

function runsAtOnce(): Happenings {
  return { act: (deed, cluster) => void (deed === "deploy job.yaml" && place(cluster, "running")) };
}

function throwing(failing: string, error: Error): Required<Happenings>["act"] {
  return (deed) => {
    if (deed === failing) throw error;
  };
}

async function run(
  scenario: Scenario["run"],
  happenings: Happenings = {},
  at: Partial<RunRequest> = {},
): Promise<{ readonly outcome: RunOutcome; readonly cluster: TestCluster }> {
  const cluster = aCluster(happenings);
  return { outcome: await runOn(cluster, scenario, at), cluster };
}

function runOn(
  cluster: TestCluster,
  run: Scenario["run"],
  at: Partial<RunRequest> = {},
): Promise<RunOutcome> {
  clockOf = cluster.clock;
  return cluster.clock.drive(runScenario(aRequest(cluster, { run, ...at })));
}

function aRequest(
  { engine, system }: TestCluster,
  { run, ...at }: Partial<RunRequest> & { readonly run: Scenario["run"] },
): RunRequest {
  return {
    runId: "r1",
    scenario: { id: "s", claim: "It runs.", covers: [], edges: 2, jobs: ["job.yaml"], expected: {}, run },
    engine,
    system,
    timing: TIMING,
    fix: "none",
    edges: 2,
    jobFiles: new Map([["job.yaml", { name: "job.yaml", text: "name: job" }]]),
    driveOnMs: 0,
    keep: false,
    signal: new AbortController().signal,
    onEntry: () => {},
    onLine: () => {},
    ...at,
  };
}
