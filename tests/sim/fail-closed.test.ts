import { describe, expect, it } from "vitest";
import { AmbientAccessError } from "../../harness/engines/sim/time/ambient-guard.ts";
import type { Scenario } from "../../harness/index.ts";
import { bundledSystem } from "../../harness/systems/bundled/bundled.ts";
import type { System } from "../../harness/systems/system.ts";
import { scenarios } from "../../scenarios/index.ts";
import { simulate } from "./simulate.ts";

const control = scenarios.find((scenario) => scenario.id === "deploy-all-connected")!;

const SOURCES: readonly (readonly [name: string, use: () => unknown])[] = [
  ["Date.now()", () => Date.now()],
  ["new Date()", () => new Date()],
  ["setTimeout()", () => setTimeout(() => {}, 1)],
  ["setInterval()", () => setInterval(() => {}, 1)],
  ["setImmediate()", () => setImmediate(() => {})],
  ["Math.random()", () => Math.random()],
  ["performance.now()", () => performance.now()],
  ["crypto.randomUUID()", () => crypto.randomUUID()],
  ["crypto.getRandomValues()", () => crypto.getRandomValues(new Uint8Array(1))],
];

describe("a simulated run in which something reaches for the real world", () => {
  it.each(SOURCES)("has no verdict: %s in the scenario", async (name, use) => {
    const error = await errorOf({ scenario: scenarioThat(() => void use()) });
    expect(error).toBeInstanceOf(AmbientAccessError);
    expect((error as Error).message).toContain(name);
  });

  it.each(SOURCES)("has no verdict, though the error is swallowed: %s in the scenario", async (name, use) => {
    const error = await errorOf({ scenario: scenarioThat(() => swallowed(use)) });
    expect(error).toBeInstanceOf(AmbientAccessError);
    expect((error as Error).message).toContain(name);
  });

  it("has no verdict, though the error is swallowed: deep in the system's own code", async () => {
    const error = await errorOf({ scenario: control, system: systemThat(() => swallowed(() => Date.now())) });
    expect(error).toBeInstanceOf(AmbientAccessError);
  });

  it("leaves nothing forbidden behind", async () => {
    await errorOf({ scenario: scenarioThat(() => void Date.now()) });
    for (const [, use] of SOURCES) {
      const made = use();
      clearTimeout(made as NodeJS.Timeout);
      clearImmediate(made as NodeJS.Immediate);
    }
    expect((await simulate({ scenario: control, seed: 1, profile: "fast" })).result.verdict).toBe("held");
  });
});

/** The control, with something done in the middle of it. */
function scenarioThat(does: () => void): Scenario {
  return {
    ...control,
    run: async (context) => {
      const job = await context.deploy("test-job.yaml");
      does();
      await context.claim(job.runsOn(context.edges));
    },
  };
}

function systemThat(does: () => void): System {
  const { signals } = bundledSystem;
  return {
    ...bundledSystem,
    signals: {
      ...signals,
      nodeReady: (reading) => {
        does();
        return signals.nodeReady(reading);
      },
    },
  };
}

function swallowed(use: () => unknown): void {
  try {
    use();
  } catch {
    // As a careless library would.
  }
}

async function errorOf(at: { readonly scenario: Scenario; readonly system?: System }): Promise<unknown> {
  try {
    return (await simulate({ ...at, seed: 1, profile: "fast" })).result.verdict;
  } catch (error) {
    // The run fails by it, and then the clean-up does: what came first is what people are told.
    return error instanceof SuppressedError ? (error.suppressed as unknown) : error;
  }
}
