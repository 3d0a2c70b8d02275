import { describe, expect, it } from "vitest";
import { skeletonDifferences, skeletonOf, type Skeleton } from "../../harness/checks/skeleton.ts";
import { createDockerEngine } from "../../harness/engines/docker/docker-engine.ts";
import { runScenario, type RunOutcome } from "../../harness/scenario/runner.ts";
import type { Scenario } from "../../harness/scenario/define.ts";
import { bundledSystem } from "../../harness/systems/bundled/bundled.ts";
import { ofKind } from "../../harness/timeline/timeline.ts";
import { PROFILES, timingFor } from "../../harness/timing/profile.ts";
import { scenarios } from "../../scenarios/index.ts";
import { jobFilesOf, simulate } from "../sim/simulate.ts";
import { aRunId, dockerOrSkip, REPOSITORY } from "./engine.ts";

const PROFILE = "fast";
/** As many orders as a busy engine may bring about. */
const SEEDS = Array.from({ length: 20 }, (_, index) => index + 1);
/** The broker's own record is about messages; here it is about what orchestrator and edges do with them. */
const PATTERNS = bundledSystem.patterns.filter(({ source }) => source !== bundledSystem.brokerMachine);

const found = await dockerOrSkip();

describe.skipIf(found === undefined)("both engines", () => {
  it.each(scenarios.map((scenario) => [scenario.id, scenario] as const))(
    "tell the same story: %s",
    async (_id, scenario) => {
      const simulated = [];
      for (const seed of SEEDS) {
        simulated.push((await simulate({ scenario, seed, profile: PROFILE })).outcome);
      }
      const onDocker = await runOnDocker(scenario);
      for (const [index, outcome] of simulated.entries()) {
        expect(findingOf(outcome), `seed ${SEEDS[index]}: ${outcome.verdict.because}`).toEqual(
          findingOf(onDocker),
        );
      }
      // A seed is one order of things that may come in another; Docker's has to be one of them.
      const differences = simulated.map((outcome) =>
        skeletonDifferences(
          { name: "docker", skeleton: storyOf(onDocker) },
          { name: "sim", skeleton: storyOf(outcome) },
        ),
      );
      const closest = differences.toSorted((a, b) => a.length - b.length)[0];
      expect(closest?.join("\n")).toBe("");
      // An empty skeleton agrees with everything: it is right only where nothing was ever placed.
      const placed = ofKind(onDocker.timeline, "state").some(({ seen }) => seen.executions.length > 0);
      expect(skeletonOf(onDocker.timeline, PATTERNS).size > 0).toBe(placed);
    },
  );
});

/**
 * Whether a batch comes while a request is under way, so that the scheduler takes for stuck what runs a moment
 * later, is a matter of timing and not of cause.
 */
function storyOf({ timeline }: RunOutcome): Skeleton {
  return new Map(
    [...skeletonOf(timeline, PATTERNS)].map(([name, steps]) => [
      name,
      steps.includes("status-changed(running)") &&
      steps.indexOf("stuck-detected") < steps.indexOf("status-changed(running)")
        ? steps.filter((step) => step !== "stuck-detected")
        : steps,
    ]),
  );
}

function findingOf({ verdict }: RunOutcome) {
  return { is: verdict.is, loss: verdict.is === "violated" ? verdict.loss : null };
}

async function runOnDocker(scenario: Scenario): Promise<RunOutcome> {
  const engine = await createDockerEngine({ ...found!, repository: REPOSITORY });
  await engine.prepare(bundledSystem.images, () => {});
  return await runScenario({
    runId: aRunId(),
    scenario,
    engine,
    system: bundledSystem,
    timing: timingFor(PROFILES[PROFILE]!.timing, scenario.atLeast),
    fix: "none",
    edges: scenario.edges,
    jobFiles: jobFilesOf(scenario),
    driveOnMs: 0,
    keep: false,
    signal: new AbortController().signal,
    onEntry: () => {},
    onLine: () => {},
  });
}
