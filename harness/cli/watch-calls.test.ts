import { describe, expect, it } from "vitest";
import type { ScenarioContext } from "../scenario/define.ts";
import { watchCalls } from "./watch-calls.ts";

type Verb = () => Promise<void>;
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
    const { unasked } = await runWatched(run);
    expect(unasked).toMatchObject({ verb, stack: expect.stringMatching(/^.*\n.*watch-calls\.test\.ts/) });
  });

  it("though others are waited for", async () => {
    const { unasked } = await runWatched(async ({ edges, orchestrator }) => {
      await edges.kill();
      void orchestrator.kill();
      await edges.recreate({ identity: "kept" });
    });
    expect(unasked?.verb).toBe("kill");
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
    expect(await runWatched(run)).toEqual({ unasked: undefined, goesOn: undefined });
  });
});

it("tells what goes on, though somebody waits for it: they are not waited for themselves", async () => {
  const { goesOn, unasked } = await runWatched(async (context) => {
    const helper = async () => await (context as unknown as { never: () => Promise<void> }).never();
    void helper();
  });
  expect({ goesOn: goesOn?.verb, unasked }).toEqual({ goesOn: "never", unasked: undefined });
});

it("gives the harness what is its own, and the scenario what a verb resolves with", async () => {
  const { context, given } = aContext();
  const watched = watchCalls(context).context;
  const job = await watched.deploy("job.yaml");
  expect(job.name).toBe("job");
  const condition = job.runsOn(watched.edges);
  expect(given.get("runsOn")).toBe(context.edges);
  expect(await watched.claim(condition)).toBe(true);
  expect(given.get("claim")).toBe(CONDITION);
});

it.each(["fail", "throw"])("lets a verb fail as it does, and knows where it was called: %s", async (verb) => {
  const { context, failedBy } = watchCalls(aContext().context);
  const error: unknown = await (async () =>
    await (context as unknown as Record<string, Verb>)[verb]?.())().catch((cause: unknown) => cause);
  expect(error).toEqual(new Error(`it ${verb}s`));
  expect(failedBy(error)).toMatchObject({ verb, stack: expect.stringContaining("watch-calls.test.ts") });
  expect(failedBy(new Error("another"))).toBeUndefined();
});

const CONDITION = { what: "so", look: () => Promise.resolve({ met: true, seen: "" }) };

async function runWatched(run: Run) {
  const { context, unasked, goesOn } = watchCalls(aContext().context);
  await run(context);
  return { unasked: unasked(), goesOn: goesOn() };
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
    never: () => new Promise(() => {}),
    fail: async () => await Promise.reject(new Error("it fails")),
    throw: () => {
      throw new Error("it throws");
    },
  };
  return { context: context as unknown as ScenarioContext, given };
}
