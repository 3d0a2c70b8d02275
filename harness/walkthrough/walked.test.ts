import { describe, expect, it } from "vitest";
import type { Condition } from "../scenario/condition.ts";
import type { ScenarioContext } from "../scenario/define.ts";
import type { Edges } from "../scenario/edges.ts";
import type { DeployedJob } from "../scenario/job.ts";
import { PROFILES } from "../timing/profile.ts";
import type { Deed } from "./deed.ts";
import { walked } from "./walked.ts";

describe("a scenario that is walked through", () => {
  it("tells of every deed before it is done, and of what it waits for", async () => {
    const story = await told(async ({ edges, deploy, until, premise, claim, orchestrator, join }) => {
      const job = await deploy("one.yaml");
      await until(job.is("running"));
      await edges.first(1).kill();
      await premise(job.is("running"));
      await edges.rest(1).and(edges.only(1)).recreate({ identity: "new" });
      await orchestrator.kill();
      await join(2);
      await job.stop();
      await claim(job.is("stopped"));
    });
    expect(story).toEqual([
      "told deploy one.yaml",
      "deploy",
      "waits for it",
      "until",
      "told kill edge1",
      "kill edge1",
      "premise",
      "told recreate edge2,edge1 new",
      "recreate edge2,edge1",
      "told kill the orchestrator",
      "kill the orchestrator",
      "told join 2",
      "join",
      "told stop-job one",
      "stop",
      "told claim it",
      "claim",
      "end",
    ]);
  });

  it("tells of a cut when it is made, and when it heals", async () => {
    const story = await told(async ({ edges }) => {
      await using _cut = await edges.cut();
    });
    expect(story).toEqual([
      "told cut edge1,edge2",
      "cut edge1,edge2",
      "told heal edge1,edge2",
      "heal edge1,edge2",
      "end",
    ]);
  });

  it("asks nobody any more about what heals on the way out of a run that failed", async () => {
    const story: string[] = [];
    const run = told(async ({ edges, deploy }) => {
      await using _cut = await edges.cut();
      await deploy("refused.yaml");
    }, story);
    await expect(run).rejects.toThrow("refused");
    expect(story).toEqual([
      "told cut edge1,edge2",
      "cut edge1,edge2",
      "told deploy refused.yaml",
      "heal edge1,edge2",
    ]);
  });

  it("does nothing that somebody does not want to be done", async () => {
    const story: string[] = [];
    const run = told(
      ({ edges }) => edges.kill(),
      story,
      () => Promise.reject(new Error("enough")),
    );
    await expect(run).rejects.toThrow("enough");
    expect(story).toEqual([]);
  });
});

/** What happens, in order, when this is walked through. */
async function told(
  run: (context: ScenarioContext) => Promise<void>,
  story: string[] = [],
  before: (deed: Deed) => Promise<void> = async (deed) => void story.push(`told ${wordsOf(deed)}`),
): Promise<readonly string[]> {
  const scenario = walked(
    { id: "", claim: "", covers: [], edges: 2, jobs: [], expected: {}, run },
    {
      before,
      waits: ({ what }) => void story.push(`waits for ${what}`),
      end: async () => void story.push("end"),
    },
  );
  await scenario.run(aContext(story));
  return story;
}

/** Its words as they are, but for how long it takes. */
function wordsOf(deed: Deed): string {
  return Object.values(deed)
    .filter((word) => typeof word !== "boolean" && (deed.do !== "claim" || typeof word === "string"))
    .map(String)
    .join(" ");
}

/** Verbs that do nothing but say so. */
function aContext(story: string[]): ScenarioContext {
  const does = (what: string) => async () => void story.push(what);
  const condition: Condition = {
    what: "it",
    wakesOn: () => false,
    look: async () => ({ met: true, seen: "" }),
  };
  const edgesOf = (names: readonly string[]): Edges =>
    ({
      names,
      first: (count: number) => edgesOf(names.slice(0, count)),
      rest: (count: number) => edgesOf(names.slice(count)),
      only: (n: number) => edgesOf(names.slice(n - 1, n)),
      and: (others: Edges) => edgesOf([...names, ...others.names]),
      kill: does(`kill ${names.join(",")}`),
      recreate: does(`recreate ${names.join(",")}`),
      cut: async () => {
        story.push(`cut ${names.join(",")}`);
        return { [Symbol.asyncDispose]: does(`heal ${names.join(",")}`) };
      },
    }) as unknown as Edges;
  const job = { id: "j", name: "one", is: () => condition, stop: does("stop") } as unknown as DeployedJob;
  const server = { kill: does("kill the orchestrator"), recreate: does("recreate") };
  const profile = PROFILES["fast"];
  if (profile === undefined) throw new Error("there is always a fast profile");
  return {
    edges: edgesOf(["edge1", "edge2"]),
    orchestrator: server,
    broker: server,
    timing: profile.timing,
    deploy: async (file) => {
      if (file === "refused.yaml") throw new Error("refused");
      story.push("deploy");
      return job;
    },
    join: async () => {
      story.push("join");
      return edgesOf(["edge3"]);
    },
    log: () => condition,
    until: does("until"),
    premise: does("premise"),
    claim: async () => {
      await does("claim")();
      return true;
    },
    always: does("always"),
  };
}
