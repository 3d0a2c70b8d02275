import { describe, expect, it } from "vitest";
import { bundledSystem } from "../../harness/systems/bundled/bundled.ts";
import { NATS } from "../../harness/systems/expanso/machines.ts";
import type { LossQuestion, Remedy, System } from "../../harness/systems/system.ts";
import type { EntryOf } from "../../harness/timeline/entry.ts";
import { logged } from "../../harness/timeline/timeline.ts";
import { recoveryWindowMs } from "../../harness/timing/profile.ts";
import { scenarios } from "../../scenarios/index.ts";
import { simulate } from "./simulate.ts";

const HOURS_24 = 24 * 60 * 60_000;
const LOSSES = scenarios.flatMap((scenario) => {
  const expected = scenario.expected["none"] ?? scenario.expected["*"] ?? "";
  return /^violated L\d$/.test(expected) ? [[scenario.id, expected.slice(-2), scenario] as const] : [];
});
const [headline] = scenarios;

describe("each loss is proven by doing by hand what was lost, and nothing else", { timeout: 60_000 }, () => {
  it.each(LOSSES)("%s: %s", async (_id, loss, scenario) => {
    for (const profile of ["fast", "default"]) {
      for (const seed of [1, 2, 3]) {
        const { result } = await simulate({ scenario, seed, profile, prove: true });
        expect(result, `${profile}, seed ${seed}: ${result.noProof}`).toMatchObject({
          loss,
          proof: { proven: true, inSecondRun: false },
        });
        expect(result.proof?.afterMs).toBeLessThan(recoveryWindowMs(result.knobs));
      }
    }
  });

  it("is all of those that any scenario can show without a fix", () => {
    expect([...new Set(LOSSES.map(([, loss]) => loss))].toSorted()).toEqual([
      "L1",
      "L2",
      "L3",
      "L5",
      "L6",
      "L7",
      "L8",
    ]);
  });

  it("restart-while-dispatcher-blocked under block: L4", async () => {
    const scenario = scenarios.find(({ id }) => id === "restart-while-dispatcher-blocked")!;
    const { result } = await simulate({ scenario, seed: 1, profile: "fast", fix: "block", prove: true });
    expect(result).toMatchObject({ loss: "L4", proof: { proven: true } });
  });
});

describe("a cluster that was watched for another day", { timeout: 120_000 }, () => {
  it.each([
    ["deploy-in-disconnect-window", "still so after 24 virtual hours"],
    ["ghost-of-old-identity", "healed within 24 virtual hours"],
  ])("is proven by a second run of the same seed: %s", async (id, afterwards) => {
    const scenario = scenarios.find((candidate) => candidate.id === id)!;
    const { result, outcome } = await simulate({
      scenario,
      seed: 3,
      profile: "fast",
      driveOnMs: HOURS_24,
      prove: true,
    });
    expect(result.because).toContain(afterwards);
    expect(result.proof).toMatchObject({ proven: true, inSecondRun: true });
    expect(outcome.timeline.at(-1)).toMatchObject({ kind: "proof" });
    const { proof: _, ...alone } = (
      await simulate({ scenario, seed: 3, profile: "fast", driveOnMs: HOURS_24 })
    ).result;
    // Nothing that was found in the run itself is other for it.
    expect(result).toMatchObject({ verdict: alone.verdict, loss: alone.loss, because: alone.because });
  });
});

describe("a proof can fail", { timeout: 60_000 }, () => {
  it.each<[string, (remedy: Published, all: readonly Published[]) => Remedy]>([
    [
      "what was lost is delivered to another node",
      (remedy, all) => ({ ...remedy, subject: all.find((other) => other !== remedy)!.subject }),
    ],
    [
      "what is delivered is of another execution",
      (remedy) => ({ ...remedy, payload: remedy.payload.replace(/e-[0-9a-f]{8}/, "e-00000000") }),
    ],
    [
      "the other request of it is delivered",
      (remedy) => ({ ...remedy, payload: remedy.payload.replace("run_execution", "stop_execution") }),
    ],
    ["only one of two is delivered", (_remedy, [first]) => first!],
    ["it goes where nobody listens", (remedy) => ({ ...remedy, subject: "expanso.node.nobody.in" })],
  ])("if %s: not proven, and the verdict stays", async (_what, change) => {
    const system = otherwise((remedies) => {
      const published = remedies.filter((remedy) => remedy.do === "publish");
      return published.map((remedy) => change(remedy, published));
    });
    const { result } = await simulate({ scenario: headline!, seed: 5, profile: "fast", system, prove: true });
    expect(result).toMatchObject({ verdict: "violated", loss: "L1", asExpected: true });
    expect(result.proof).toMatchObject({
      proven: false,
      seen: expect.stringContaining("`deploying`") as string,
    });
    expect(result.proof?.afterMs).toBeGreaterThanOrEqual(recoveryWindowMs(result.knobs));
  });

  it("if only one of two ghosts is removed", async () => {
    const scenario = scenarios.find(({ id }) => id === "ghost-of-old-identity")!;
    const system = otherwise((remedies) => remedies.slice(0, 1));
    const { result } = await simulate({ scenario, seed: 5, profile: "default", system, prove: true });
    expect(result).toMatchObject({ loss: "L8", proof: { proven: false } });
  });

  it("is none for a system that gives no way to deliver", async () => {
    const { result } = await simulate({
      scenario: headline!,
      seed: 5,
      profile: "fast",
      system: {
        ...bundledSystem,
        connect: (stack) => {
          const { deliver: _, ...control } = bundledSystem.connect(stack);
          return control;
        },
      },
      prove: true,
    });
    expect(result).toMatchObject({
      verdict: "violated",
      loss: "L1",
      proof: null,
      noProof: "this system gives no way to deliver a message by hand",
    });
  });
});

it("a request that is made anew is what the orchestrator sends, to the byte", async () => {
  const system = otherwise((remedies, { stuck }) =>
    remedies.map(({ what }, index) => ({ do: "request", command: "run", what, execution: stuck[index]! })),
  );
  const { outcome, result } = await simulate({
    scenario: headline!,
    seed: 5,
    profile: "fast",
    system,
    prove: true,
  });
  expect(result.proof).toMatchObject({ proven: true });
  const claimedMs = outcome.timeline.find((entry) => entry.kind === "claim")?.atMs ?? 0;
  const requests = logged(outcome.timeline, "broker-pub").filter(
    ({ machine, fields }) => machine === NATS && fields["command"] === "run_execution",
  );
  const stuck = new Set(result.proof?.delivered.length === 2 ? lostIn(requests, claimedMs) : []);
  expect(stuck.size).toBe(2);
  for (const execution of stuck) {
    const [lost, made] = requests.filter(({ fields }) => fields["execution_id"] === execution);
    expect(made?.fields["payload"]).toBe(lost?.fields["payload"]);
    expect(made?.fields["subject"]).toBe(lost?.fields["subject"]);
    expect(made?.fields["cid"]).not.toBe(lost?.fields["cid"]);
  }
});

type Published = Extract<Remedy, { do: "publish" }>;

function lostIn(requests: readonly EntryOf<"log">[], claimedMs: number): string[] {
  return requests.filter(({ atMs }) => atMs > claimedMs).map(({ fields }) => fields["execution_id"] ?? "");
}

/** The bundled system, which would heal a loss by other means. */
function otherwise(
  change: (remedies: readonly Remedy[], question: LossQuestion) => readonly Remedy[],
): System {
  return {
    ...bundledSystem,
    explainLoss: (question) => {
      const finding = bundledSystem.explainLoss(question);
      return finding && { ...finding, remedies: change(finding.remedies ?? [], question) };
    },
  };
}
