import { describe, expect, it } from "vitest";
import { createDockerEngine } from "../../harness/engines/docker/docker-engine.ts";
import { createSimEngine } from "../../harness/engines/sim/sim-engine.ts";
import { bundledSystem } from "../../harness/systems/bundled/bundled.ts";
import type { Engine } from "../../harness/engines/engine.ts";
import { restartStory } from "../restart-story.ts";
import { jobFilesOf } from "../sim/simulate.ts";
import { scenarios } from "../../scenarios/index.ts";
import { aRunId, dockerOrSkip, REPOSITORY } from "./engine.ts";

const found = await dockerOrSkip();

describe("state survives a restart, in containers and in simulation", () => {
  it.skipIf(found === undefined)("on Docker", async () => {
    const engine = await createDockerEngine({ ...found!, repository: REPOSITORY });
    await engine.prepare(bundledSystem.images, () => {});
    await expectNothingForgotten(engine);
  });

  it("in simulation", async () => {
    await expectNothingForgotten(createSimEngine({ seed: 1 }));
  });
});

async function expectNothingForgotten(engine: Engine): Promise<void> {
  const jobFiles = jobFilesOf(scenarios[0]!);
  const story = await restartStory(engine, { runId: aRunId(), jobFiles });
  const [execution] = story.before.seen.executions;
  expect(story.before.running).toEqual([execution?.id]);
  for (const later of [story.afterOrchestrator, story.afterEdge]) {
    expect(later.seen.executions).toEqual([
      { ...execution, observed: "running", desired: "running", jobVersion: 1 },
    ]);
    expect(later.seen.jobs).toMatchObject([{ name: "test-heartbeat", state: "running", version: 1 }]);
    expect(later.seen.nodes.map((node) => node.id)).toEqual(story.before.seen.nodes.map((node) => node.id));
    expect(later.running).toEqual([execution?.id]);
  }
  expect(JSON.parse(story.printed[0] ?? "{}")).toMatchObject({ message: "heartbeat" });
}
