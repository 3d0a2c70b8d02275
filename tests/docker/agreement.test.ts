import { beforeAll, describe, expect, it } from "vitest";
import { skeletonDifferences, skeletonOf, type Skeleton } from "../../harness/checks/skeleton.ts";
import { createDockerEngine } from "../../harness/engines/docker/docker-engine.ts";
import { runScenario, type RunOutcome } from "../../harness/scenario/runner.ts";
import type { Scenario } from "../../harness/scenario/define.ts";
import { bundledSystem } from "../../harness/systems/bundled/bundled.ts";
import type { Entry } from "../../harness/timeline/entry.ts";
import { logged, ofKind } from "../../harness/timeline/timeline.ts";
import { PROFILES, timingFor } from "../../harness/timing/profile.ts";
import { scenarios } from "../../scenarios/index.ts";
import { jobFilesOf, simulate } from "../sim/simulate.ts";
import { aRunId, dockerOrSkip, REPOSITORY } from "./engine.ts";

const PROFILE = "fast";
const SEEDS = [1, 2, 3, 4, 5];
/** The broker's own record is about messages; here it is about what orchestrator and edges do with them. */
const PATTERNS = bundledSystem.patterns.filter(({ source }) => source !== bundledSystem.brokerMachine);

const found = await dockerOrSkip();

/** A process has one simulation at a time, and Docker time for two: so they are all there before the first comparison. */
const simulated = new Map<string, readonly RunOutcome[]>();
beforeAll(async () => {
  if (found === undefined) return;
  for (const scenario of scenarios) {
    const outcomes: RunOutcome[] = [];
    for (const seed of SEEDS) outcomes.push((await simulate({ scenario, seed, profile: PROFILE })).outcome);
    simulated.set(scenario.id, outcomes);
  }
});

describe.skipIf(found === undefined)("both engines", () => {
  it.concurrent.each(scenarios.map((scenario) => [scenario.id, scenario] as const))(
    "tell the same story: %s",
    async (id, scenario) => {
      const outcomes = simulated.get(id) ?? [];
      expect(outcomes).toHaveLength(SEEDS.length);
      const onDocker = await runOnDocker(scenario);
      for (const [index, outcome] of outcomes.entries()) {
        expect(findingOf(outcome), `seed ${SEEDS[index]}: ${outcome.verdict.because}`).toEqual(
          findingOf(onDocker),
        );
      }
      // A seed is one order of things that may come in another; Docker's has to be one of them.
      const differences = outcomes.map((outcome) =>
        skeletonDifferences(
          { name: "docker", skeleton: storyOf(onDocker) },
          { name: "sim", skeleton: storyOf(outcome) },
        ),
      );
      const closest = differences.toSorted((a, b) => a.length - b.length)[0];
      expect(closest?.join("\n")).toBe("");
      for (const { timeline } of [onDocker, ...outcomes]) expect(wrongly(timeline)).toEqual([]);
      // An empty skeleton agrees with everything: it is right only where nothing was ever placed.
      const placed = ofKind(onDocker.timeline, "state").some(({ seen }) => seen.executions.length > 0);
      expect(skeletonOf(onDocker.timeline, PATTERNS).size > 0).toBe(placed);
    },
  );
});

/** Whether a batch comes while a request is under way is chance; what follows of it is not, and is looked at below. */
function storyOf({ timeline }: RunOutcome): Skeleton {
  const chance = new Set<Entry>(interrupted(timeline).flatMap(({ stuck }) => stuck));
  return skeletonOf(
    timeline.filter((entry) => !chance.has(entry)),
    PATTERNS,
  );
}

/** Executions that were taken for stuck without a look for it, or looked at and not taken for it, on their way. */
function wrongly(timeline: readonly Entry[]): readonly string[] {
  return interrupted(timeline)
    .filter(({ looks, stuck }) => looks.length !== stuck.length)
    .map(
      ({ id, looks, stuck }) =>
        `${id}: looked at ${looks.length} times, taken for stuck ${stuck.length} times`,
    );
}

/** Of each execution that came to run: what the scheduler did between its dispatch and its first report. */
function interrupted(timeline: readonly Entry[]) {
  return logged(timeline, "status-changed").flatMap((report) => {
    const { execution_id: id = "", job_id: job, to } = report.fields;
    const dispatched = logged(timeline, "published").find(({ fields }) => fields["execution_id"] === id);
    if (to !== "running" || dispatched === undefined) return [];
    const [from, until] = [timeline.indexOf(dispatched), timeline.indexOf(report)];
    const meanwhile = timeline.slice(from, until);
    return {
      id,
      looks: logged(meanwhile, "rollout-checked").filter(
        ({ fields }) => fields["job_id"] === job && fields["trigger"] === "node-join",
      ),
      stuck: logged(meanwhile, "stuck-detected").filter(({ fields }) => fields["execution_id"] === id),
    };
  });
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
