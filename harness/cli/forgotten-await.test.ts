import { describe, expect, it } from "vitest";
import type { ScenarioContext } from "../scenario/define.ts";
import { watchAwaits } from "./forgotten-await.ts";

type Run = (context: ScenarioContext) => Promise<unknown>;

describe("a verb that is not waited for is told", () => {
  it.each<[string, string, Run]>([
    ["at the end", "claim", async ({ claim, edges }) => void claim(edges.areReady())],
    [
      "in the middle",
      "kill",
      async ({ edges, deploy }) => {
        void edges.kill();
        await deploy("job.yaml");
      },
    ],
    ["of some of the edges", "pause", async ({ edges }) => void edges.first(1).pause()],
    [
      "of each of the edges",
      "pause",
      async ({ edges }) => edges.apart().forEach((edge) => void edge.pause()),
    ],
    ["of what a verb has returned", "stop", async ({ deploy }) => void (await deploy("job.yaml")).stop()],
    ["that fails", "fail", async (context) => void (context as unknown as { fail: () => unknown }).fail()],
  ])("%s", async (_where, verb, run) => {
    const mistake = await runWatched(run);
    expect(mistake?.message).toBe(`${verb}() is not waited for: write \`await\` before it`);
    expect(mistake?.stack?.split("\n")[1]).toContain("forgotten-await.test.ts");
  });

  it("though others are waited for", async () => {
    const mistake = await runWatched(async ({ edges, orchestrator }) => {
      await edges.kill();
      void orchestrator.kill();
      await edges.recreate({ identity: "kept" });
    });
    expect(mistake?.message).toMatch(/^kill\(\)/);
  });
});

describe("nothing is told of verbs that are waited for", () => {
  it.each<[string, Run]>([
    ["one after the other", async ({ edges, claim }) => [await edges.kill(), await claim(edges.areReady())]],
    ["together", async ({ edges, orchestrator }) => await Promise.all([edges.kill(), orchestrator.kill()])],
    ["each of them", async ({ edges }) => await Promise.all(edges.apart().map((edge) => edge.kill()))],
    [
      "later",
      async ({ edges, deploy }) => {
        const killing = edges.kill();
        await deploy("job.yaml");
        await killing;
      },
    ],
    ["by who is returned to", ({ edges }) => edges.kill()],
    ["by what is done then", ({ edges }) => edges.kill().then(() => 1)],
    ["for their failure alone", ({ edges }) => edges.kill().catch(() => 1)],
    ["for their end alone", ({ edges }) => edges.kill().finally(() => {})],
    [
      "until a scope ends",
      async ({ edges }) => {
        await using _cut = await edges.cut();
      },
    ],
  ])("%s", async (_how, run) => {
    expect(await runWatched(run)).toBeUndefined();
  });
});

it("gives the harness what is its own, and the scenario what a verb resolves with", async () => {
  const { context, given } = aContext();
  const watched = watchAwaits(context).context;
  const job = await watched.deploy("job.yaml");
  expect(job.name).toBe("job");
  const condition = job.runsOn(watched.edges);
  expect(given.get("runsOn")).toBe(context.edges);
  expect(await watched.claim(condition)).toBe(true);
  expect(given.get("claim")).toBe(CONDITION);
});

it("lets a verb fail as it does", async () => {
  const watched = watchAwaits(aContext().context).context as unknown as { fail: () => Promise<void> };
  await expect(watched.fail()).rejects.toThrow("it failed");
});

const CONDITION = { what: "so", look: () => Promise.resolve({ met: true, seen: "" }) };

async function runWatched(run: Run): Promise<Error | undefined> {
  const { context, forgotten } = watchAwaits(aContext().context);
  await run(context);
  return forgotten();
}

/** Verbs that do nothing, and what some of them were given. */
function aContext() {
  const given = new Map<string, unknown>();
  const verb = async () => {};
  const edges = {
    names: ["edge1"],
    first: () => edges,
    apart: () => [edges],
    areReady: () => CONDITION,
    kill: verb,
    pause: verb,
    recreate: verb,
    cut: async () => ({ [Symbol.asyncDispose]: verb }),
  };
  const job = {
    name: "job",
    stop: verb,
    runsOn: (of: unknown) => {
      given.set("runsOn", of);
      return CONDITION;
    },
  };
  const context = {
    edges,
    orchestrator: { kill: verb },
    deploy: async () => job,
    claim: async (condition: unknown) => {
      given.set("claim", condition);
      return true;
    },
    fail: async () => await Promise.reject(new Error("it failed")),
  };
  return { context: context as unknown as ScenarioContext, given };
}
