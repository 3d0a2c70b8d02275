import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bundledSystem } from "./bundled.ts";

const GOOD = readFileSync(new URL("../../../pipelines/new-job.yaml", import.meta.url), "utf8");

describe("a job file", { timeout: 30_000 }, () => {
  it("that is fine has no problems", async () => {
    expect(await problemsOf(GOOD)).toEqual([]);
  });

  it("with a misspelt key is refused with its place", async () => {
    expect(await problemsOf(GOOD.replace("interval: 5s", "intervall: 5s"))).toEqual([
      expect.stringMatching(
        /^jobs\/mine\.yaml:8:7: config\.input\.generate\.intervall: .*\(did you mean (config\.input\.generate\.)?interval\?\)$/,
      ),
    ]);
  });

  it("with a function that Bloblang here does not know is refused with its place", async () => {
    const [problem, ...more] = await problemsOf(GOOD.replace('"NEW JOB"', "timestamp_unixx()"));
    expect(more).toEqual([]);
    expect(problem).toMatch(/^jobs\/mine\.yaml:10:\d+: .*timestamp_unixx/);
  });

  it("with several problems is refused with each of them", async () => {
    const problems = await problemsOf(
      GOOD.replace("interval: 5s", "intervall: 5s").replace("codec: lines", "codecc: lines"),
    );
    expect(problems).toHaveLength(2);
    for (const problem of problems) expect(problem).toMatch(/^jobs\/mine\.yaml:\d+:\d+: /);
  });

  it("that is no YAML is refused with its place", async () => {
    const [problem] = await problemsOf("name: x\n  type: [pipeline\n");
    expect(problem).toMatch(/^jobs\/mine\.yaml:\d+:\d+: /);
  });

  it("that is empty is refused", async () => {
    expect(await problemsOf("")).not.toEqual([]);
  });
});

it("starts NATS, the orchestrator and as many edges as asked for, all of images that it builds", () => {
  const timing = { heartbeat: 1_500 } as never;
  const machines = bundledSystem.machines({ edges: 3, timing, fix: "redispatch+pull" });
  expect(machines.map((machine) => machine.name)).toEqual([
    "nats",
    "orchestrator",
    "edge1",
    "edge2",
    "edge3",
  ]);
  const built = bundledSystem.images.map((image) => image.key);
  expect(machines.map((machine) => machine.image).every((image) => built.includes(image))).toBe(true);
  expect(machines[1]?.env).toMatchObject({
    EXPANSO_ORCHESTRATOR_SCHEDULER_RECOVERY: "redispatch+pull",
    EXPANSO_ORCHESTRATOR_NODE_MANAGER_HEARTBEAT_FREQUENCY: "1.5s",
  });
  expect(bundledSystem.edgeMachine("edge4", { edges: 3, timing, fix: "none" })).toEqual({
    ...machines[2],
    name: "edge4",
    env: { ...machines[2]?.env, EXPANSO_EDGE_NAME: "edge4", EXPANSO_EDGE_LABELS: "edge=edge4" },
  });
});

async function problemsOf(text: string): Promise<readonly string[]> {
  return await bundledSystem.checkJobFile({ name: "jobs/mine.yaml", text });
}
